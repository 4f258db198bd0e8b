// What a Gateway of Istio says (istio/api networking/v1alpha3/gateway.proto).

/** Ports of gateway pods. */
export interface IstioGatewaySpec {
  /** Labels of the pods. */
  readonly selector?: { readonly [key: string]: string };
  /** Ports. */
  readonly servers?: IstioServer[];
}

/** A port and its hosts. */
export interface IstioServer {
  /** Address. */
  readonly bind?: string;
  /** Not in use. */
  readonly defaultEndpoint?: string;
  /** Hosts. */
  readonly hosts: string[];
  /** Name. */
  readonly name?: string;
  /** Port. */
  readonly port: IstioServerPort;
  /** TLS. */
  readonly tls?: IstioServerTls;
}

/** A port. */
export interface IstioServerPort {
  /** Name. */
  readonly name: string;
  /** Number. */
  readonly number: number;
  /** E.g. "HTTP", "HTTPS", "GRPC", "TLS", "TCP". */
  readonly protocol: string;
  /** Not in use. */
  readonly targetPort?: number;
}

/** TLS of a port. */
export interface IstioServerTls {
  /** Secret of authorities. */
  readonly caCertCredentialName?: string;
  /** File of authorities. */
  readonly caCertificates?: string;
  /** File of revoked certificates. */
  readonly caCrl?: string;
  /** Ciphers. */
  readonly cipherSuites?: string[];
  /** Secret of certificate and key. */
  readonly credentialName?: string;
  /** Secrets of certificates and keys. */
  readonly credentialNames?: string[];
  /** Whether HTTP is sent on to HTTPS. */
  readonly httpsRedirect?: boolean;
  /** Whether certificates of clients are not checked. */
  readonly insecureSkipVerify?: boolean;
  /** Newest version. */
  readonly maxProtocolVersion?: IstioTlsProtocol;
  /** Oldest version. */
  readonly minProtocolVersion?: IstioTlsProtocol;
  /** How. */
  readonly mode?: IstioServerTlsMode;
  /** File of the key. */
  readonly privateKey?: string;
  /** File of the certificate. */
  readonly serverCertificate?: string;
  /** Names of clients that are accepted. */
  readonly subjectAltNames?: string[];
  /** Files of several certificates. */
  readonly tlsCertificates?: IstioTlsFiles[];
  /** Hashes of certificates of clients. */
  readonly verifyCertificateHash?: string[];
  /** Hashes of keys of clients. */
  readonly verifyCertificateSpki?: string[];
}

/** Files of a certificate. */
export interface IstioTlsFiles {
  /** File of authorities. */
  readonly caCertificates?: string;
  /** File of the key. */
  readonly privateKey?: string;
  /** File of the certificate. */
  readonly serverCertificate?: string;
}

/** Version of TLS. */
export enum IstioTlsProtocol {
  /** As Istio does. */
  TLS_AUTO = 'TLS_AUTO',
  /** 1.0. */
  TLSV1_0 = 'TLSV1_0',
  /** 1.1. */
  TLSV1_1 = 'TLSV1_1',
  /** 1.2. */
  TLSV1_2 = 'TLSV1_2',
  /** 1.3. */
  TLSV1_3 = 'TLSV1_3',
}

/** How TLS of a port is used. */
export enum IstioServerTlsMode {
  /** It is passed through. */
  PASSTHROUGH = 'PASSTHROUGH',
  /** The server has a certificate. */
  SIMPLE = 'SIMPLE',
  /** Both have one. */
  MUTUAL = 'MUTUAL',
  /** It is passed through, by server name. */
  AUTO_PASSTHROUGH = 'AUTO_PASSTHROUGH',
  /** Both have one of the mesh. */
  ISTIO_MUTUAL = 'ISTIO_MUTUAL',
  /** Clients may have one. */
  OPTIONAL_MUTUAL = 'OPTIONAL_MUTUAL',
}

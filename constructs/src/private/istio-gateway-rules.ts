import { type IstioGatewaySpec, IstioServerTlsMode } from '../istio/gateway-props';
import { findingsOf, type ObjectFinding } from './typed-object';

const WITH_TLS = ['HTTPS', 'TLS'];
const PLAIN = ['HTTP', 'HTTP2', 'GRPC', 'GRPC-WEB'];
const CERTIFIED = [IstioServerTlsMode.SIMPLE, IstioServerTlsMode.MUTUAL, IstioServerTlsMode.OPTIONAL_MUTUAL];

/** What is wrong with a Gateway of Istio: what its admission refuses (istio/istio pkg/config/validation/validation.go: validateServer). */
export function gatewayProblems({ servers = [] }: IstioGatewaySpec): ObjectFinding[] {
  return findingsOf((report) => {
    if (servers.length === 0) report('ORR2011', 'spec.servers is empty.', 'Add at least one port.');
    const names = new Set<string>();
    for (const [i, { hosts, port, tls }] of servers.entries()) {
      const at = `spec.servers[${i}]`;
      if (hosts.length === 0) report('ORR2011', `${at}.hosts is empty.`, 'Name at least one host.');
      if (names.has(port.name)) report('ORR2004', `${at}.port.name "${port.name}" is used twice.`, 'Rename one.');
      names.add(port.name);
      if (!(Number.isInteger(port.number) && port.number >= 1 && port.number <= 65535)) {
        report('ORR2011', `${at}.port.number ${port.number} is no port.`, 'Use 1 to 65535.');
      }
      const encrypted = WITH_TLS.includes(port.protocol.toUpperCase());
      if (encrypted && tls === undefined) {
        report('ORR2012', `${at} speaks ${port.protocol}, and has no tls.`, 'Set tls.');
      }
      const plain = PLAIN.includes(port.protocol.toUpperCase());
      if (plain && tls !== undefined && tls.httpsRedirect !== true) {
        report('ORR2012', `${at} speaks ${port.protocol}, and has tls.`, 'Use HTTPS or TLS, or leave tls out.');
      }
      const files = [tls?.credentialName, tls?.credentialNames, tls?.serverCertificate, tls?.tlsCertificates];
      if (
        encrypted &&
        tls?.mode !== undefined &&
        CERTIFIED.includes(tls.mode) &&
        files.every((one) => one === undefined)
      ) {
        report('ORR2012', `${at}.tls has no certificate.`, 'Set credentialName.');
      }
    }
  });
}

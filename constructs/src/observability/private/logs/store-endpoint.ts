import type { Cluster } from '../../../cluster';
import type { Finding } from '../../../private/service-validation';
import type { LogCredentials } from '../../log-store';
import type { StackContext } from '../stack-context';
import { apiOf, type StoreModel } from './store-model';

/** How a store is reached. */
export interface Endpoint {
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
  /** Secret with `ca.crt`. */
  readonly caSecret: string | undefined;
  readonly credentials: LogCredentials | undefined;
}

/** Names of what is installed begin with it. */
export function storeName(stack: StackContext): string {
  return `${stack.name}-logs`;
}

/** Labels of everything that a part of a stack makes. */
export function partLabels({ name }: StackContext): { [label: string]: string } {
  return { 'app.kubernetes.io/part-of': name, 'app.kubernetes.io/managed-by': 'orrery' };
}

/** The store as a cluster reaches it: from within by the name of its Service. */
export function endpointFrom(stack: StackContext, model: StoreModel, cluster: Cluster | undefined): Endpoint {
  const inside = cluster === undefined || cluster === stack.centreCluster();
  switch (model.kind) {
    case 'opensearch': {
      const { address, writer } = model.props;
      const name = storeName(stack);
      return {
        host: inside ? `${name}.${stack.namespaceName}.svc` : (address ?? ''),
        port: 9200,
        tls: true,
        // The operator makes an authority of its own, in the centre.
        caSecret: inside ? `${name}-http-cert` : undefined,
        credentials: writer,
      };
    }
    case 'loki': {
      const { address, mode, writer } = model.props;
      if (!inside) return { host: address ?? '', port: 443, tls: true, caSecret: undefined, credentials: writer };
      const plain = { caSecret: undefined, credentials: undefined };
      const service = mode === 'Distributed' ? `${storeName(stack)}-distributor` : storeName(stack);
      return { host: `${service}.${stack.namespaceName}.svc`, port: 3100, tls: false, ...plain };
    }
    default: {
      const { host, port, tls = true, caSecret, credentials } = model.props;
      return { host, port: port ?? (model.kind === 'existing-loki' ? 3100 : 9200), tls, caSecret, credentials };
    }
  }
}

export function endpointUrl({ host, port, tls }: Endpoint): string {
  return `${tls ? 'https' : 'http'}://${host}:${port}`;
}

/** What Grafana asks. Of a store with tenants it needs a user or a header of its own for each of them, which are secrets. */
export function datasourceOf(stack: StackContext, model: StoreModel, prefix: string): void {
  const url = endpointUrl(endpointFrom(stack, model, undefined));
  const api = apiOf(model);
  const time = { timeField: '@timestamp' };
  switch (api) {
    case 'loki': {
      const gateway = `http://${storeName(stack)}-gateway.${stack.namespaceName}.svc`;
      stack.addDatasource({ name: 'Logs', uid: 'logs', type: 'loki', url: model.kind === 'loki' ? gateway : url });
      return;
    }
    case 'opensearch':
      stack.addDatasource({
        name: 'Logs',
        uid: 'logs',
        type: 'grafana-opensearch-datasource',
        url,
        jsonData: {
          ...time,
          database: `${prefix}-container-*`,
          flavor: 'opensearch',
          version: '3.6.0',
          logMessageField: 'log',
        },
      });
      return;
    case 'elasticsearch':
      stack.addDatasource({
        name: 'Logs',
        uid: 'logs',
        type: 'elasticsearch',
        url,
        jsonData: { ...time, index: `${prefix}-container-*`, logMessageField: 'message' },
      });
  }
}

export function endpointFindings(stack: StackContext, model: StoreModel): Finding[] {
  if ('host' in model.props) {
    const { host, port } = model.props;
    return [
      ...(isHost(host)
        ? []
        : [
            wrong(
              `The log store has the host ${JSON.stringify(host)}.`,
              'Use a name or an address, without scheme and port.',
            ),
          ]),
      ...(port === undefined || (Number.isInteger(port) && port > 0 && port < 65_536)
        ? []
        : [wrong(`The log store has the port ${port}.`, 'Use a number from 1 to 65535.')]),
    ];
  }
  const { address } = model.props;
  if (address !== undefined)
    return isHost(address)
      ? []
      : [
          wrong(
            `The address of the log store is ${JSON.stringify(address)}.`,
            'Use a name or an address, without scheme and port.',
          ),
        ];
  return farClusters(stack).length === 0 ? [] : [farFinding(stack, 'the log store', 'address')];
}

/** Clusters whose logs go to another one. */
export function farClusters(stack: StackContext): readonly Cluster[] {
  const centre = stack.centreCluster();
  return centre === undefined ? [] : stack.clusters().filter((cluster) => cluster !== centre);
}

export function farFinding(stack: StackContext, what: string, field: string): Finding {
  return {
    code: 'ORR2013',
    what: `By which name clusters ${farClusters(stack).join(', ')} reach ${what} in ${stack.centreCluster() ?? 'the centre'} is not known.`,
    fix: `Expose it, and set ${field} to its name.`,
  };
}

export function isHost(text: string): boolean {
  return (
    text.length <= 253 &&
    /^[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?(\.[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?)*$/.test(text)
  );
}

function wrong(what: string, fix: string): Finding {
  return { code: 'ORR2011', what, fix };
}

import { HelmRelease } from '../../../helm-release';
import type { Problem } from '../../../private/problem';
import { quantityOf } from '../../../private/quantity';
import type { Finding } from '../../../private/service-validation';
import { storageClassFor } from '../../../private/storage-classes';
import type { ExistingIndexStoreProps, LokiStoreProps, OpenSearchStoreProps } from '../../log-store';
import type { StackContext } from '../stack-context';
import { elasticRequests, openSearchRequests, policyRequests } from './index-setup';
import { hoursOf, tierFindings } from './lifecycle';
import { lokiStorageValues, lokiValues } from './loki-values';
import { LogObjects } from './objects-construct';
import { COLD_NODES, openSearchObjects } from './opensearch-objects';
import { logOwners, PLATFORM } from './owners';
import { CURL_IMAGE, setupJob } from './setup-job';
import { endpointFindings, endpointFrom, endpointUrl, partLabels, storeName } from './store-endpoint';
import type { StoreModel } from './store-model';

const OPENSEARCH = {
  chart: 'opensearch-operator',
  repository: 'https://opensearch-project.github.io/opensearch-k8s-operator/',
  version: '3.0.4',
};
const LOKI = { chart: 'loki', repository: 'https://grafana-community.github.io/helm-charts', version: '18.11.0' };

/** Installs a store in the centre, or tells one that is there what it has to know. */
export function joinStore(stack: StackContext, model: StoreModel, prefix: string): void {
  switch (model.kind) {
    case 'opensearch':
      joinOpenSearch(stack, model.props, prefix, model);
      return;
    case 'loki':
      joinLoki(stack, model.props);
      return;
    case 'existing-opensearch':
    case 'existing-elasticsearch':
      joinExisting(stack, model.props, prefix, model);
      return;
    case 'existing-loki':
  }
}

function joinOpenSearch(stack: StackContext, props: OpenSearchStoreProps, prefix: string, model: StoreModel): void {
  const { scope, namespaceName, centre } = stack;
  const operator = new HelmRelease(scope, 'opensearch-operator', {
    ...OPENSEARCH,
    releaseName: `${stack.name}-opensearch-operator`,
    namespaceName,
    placement: centre,
    // Its webhooks need certificates of cert-manager.
    values: {
      webhook: { enabled: false, certManager: { enabled: false } },
      manager: { watchNamespace: namespaceName },
    },
  });
  const lifecycle = props.lifecycle._lifecycle();
  const name = storeName(stack);
  const labels = partLabels(stack);
  const store: LogObjects = new LogObjects(scope, 'opensearch', {
    placement: centre,
    namespace: namespaceName,
    findings: () => [],
    objects: (cluster, problems: Problem[]) => {
      const { storagePurpose = 'general', coldStoragePurpose = storagePurpose, coldNodes = 0 } = props;
      const classFor = (purpose: string, what: string) => storageClassFor(store, cluster, what, purpose, problems);
      return [
        ...openSearchObjects({
          name,
          namespace: namespaceName,
          prefix,
          labels,
          props,
          lifecycle,
          owners: logOwners(stack.workspaces),
          hotClass: classFor(storagePurpose, 'OpenSearch'),
          coldClass: coldNodes > 0 ? classFor(coldStoragePurpose, 'Cold data of OpenSearch') : undefined,
        }),
        ...(coldNodes === 0
          ? []
          : setupJob({
              name: `${name}-policy`,
              namespace: namespaceName,
              labels,
              url: endpointUrl(endpointFrom(stack, model, undefined)),
              caSecret: `${name}-http-cert`,
              administrator: {
                username: { secret: props.adminSecret, key: 'username' },
                password: { secret: props.adminSecret, key: 'password' },
              },
              requests: policyRequests(prefix, lifecycle, COLD_NODES),
              image: CURL_IMAGE,
            })),
      ];
    },
  });
  store.node.addDependency(operator);
}

function joinLoki(stack: StackContext, props: LokiStoreProps): void {
  const { scope, namespaceName, centre, workspaces } = stack;
  const { mode = 'Monolithic', storagePurpose = 'general' } = props;
  const release = new HelmRelease(scope, 'loki', {
    ...LOKI,
    releaseName: storeName(stack),
    namespaceName,
    placement: centre,
    values: lokiValues(
      storeName(stack),
      workspaces.map(({ node }) => node.id),
      props,
    ) as { [key: string]: unknown },
  });
  release._computeValues((cluster) => {
    const storageClass = storageClassFor(release, cluster, 'Loki', storagePurpose, []);
    return storageClass === undefined ? {} : (lokiStorageValues(mode, storageClass) as { [key: string]: unknown });
  });
}

function joinExisting(stack: StackContext, props: ExistingIndexStoreProps, prefix: string, model: StoreModel): void {
  const { administrator, lifecycle, coldNodes = 0 } = props;
  if (administrator === undefined) return;
  const { scope, namespaceName, centre } = stack;
  const endpoint = endpointFrom(stack, model, undefined);
  const settings = lifecycle?._lifecycle();
  new LogObjects(scope, 'log-store', {
    placement: centre,
    namespace: namespaceName,
    findings: () => [],
    objects: () => {
      const owners = logOwners(stack.workspaces);
      return setupJob({
        name: `${storeName(stack)}-store`,
        namespace: namespaceName,
        labels: partLabels(stack),
        url: endpointUrl(endpoint),
        caSecret: endpoint.caSecret,
        administrator,
        requests:
          model.kind === 'existing-elasticsearch'
            ? elasticRequests(prefix, settings, owners)
            : openSearchRequests(prefix, settings, owners, coldNodes > 0 ? COLD_NODES : undefined),
        image: CURL_IMAGE,
      });
    },
  });
}

export function storeFindings(stack: StackContext, model: StoreModel, prefix: string): Finding[] {
  const found = endpointFindings(stack, model);
  switch (model.kind) {
    case 'opensearch':
      return [...found, ...openSearchFindings(model.props, prefix)];
    case 'loki':
      return [...found, ...lokiFindings(model.props, stack)];
    case 'existing-loki':
      return found;
    default:
      return [...found, ...existingFindings(model.props, stack)];
  }
}

function openSearchFindings(props: OpenSearchStoreProps, prefix: string): Finding[] {
  const {
    nodes = 3,
    coldNodes = 0,
    storage,
    coldStorage = storage,
    memory = '4Gi',
    lifecycle,
    writerName = 'logs-writer',
  } = props;
  return [
    ...lifecycle._findings(),
    ...nodeFindings(nodes, coldNodes),
    ...tierFindings(lifecycle._lifecycle(), { hot: nodes, cold: coldNodes }),
    ...sizeFindings({ storage, coldStorage, memory }),
    ...(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/.test(writerName) && writerName !== prefix
      ? []
      : [{ code: 'ORR2003' as const, what: `"${writerName}" is no name of a writer.`, fix: 'Use a DNS label.' }]),
  ];
}

/** Masters that can lose one of them: a majority of the rest has to be left. */
export function nodeFindings(nodes: number, coldNodes: number): Finding[] {
  const whole = (number: number, least: number) => Number.isInteger(number) && number >= least && number <= 500;
  return [
    ...(whole(nodes, 1)
      ? []
      : [{ code: 'ORR2011' as const, what: `There are ${nodes} hot nodes.`, fix: 'Use a whole number from 1 on.' }]),
    ...(whole(coldNodes, 0)
      ? []
      : [
          {
            code: 'ORR2011' as const,
            what: `There are ${coldNodes} cold nodes.`,
            fix: 'Use a whole number from 0 on.',
          },
        ]),
    ...(nodes === 2
      ? [
          {
            code: 'ORR2012' as const,
            what: 'There are 2 nodes that may be masters: without one of them the other has no majority, and the store stands still.',
            fix: 'Use 3, or 1 where it may be away.',
          },
        ]
      : []),
  ];
}

export function sizeFindings(sizes: { readonly [property: string]: string }): Finding[] {
  return Object.entries(sizes).flatMap(([property, size]) =>
    (quantityOf(size) ?? 0) >= 2 ** 30
      ? []
      : [{ code: 'ORR2011' as const, what: `${property} is ${JSON.stringify(size)}.`, fix: 'Use at least "1Gi".' }],
  );
}

function lokiFindings(props: LokiStoreProps, { workspaces }: StackContext): Finding[] {
  const { retention, schemaFrom, mode = 'Monolithic', bucket, replicas = 1, storage = '10Gi' } = props;
  const bad = (what: string, fix: string): Finding => ({ code: 'ORR2011', what, fix });
  const contradiction = (what: string, fix: string): Finding => ({ code: 'ORR2012', what, fix });
  const hours = hoursOf(retention);
  return [
    ...(hours === undefined
      ? [bad(`retention is ${JSON.stringify(retention)}.`, 'Use days or hours, e.g. "30d".')]
      : hours < 24
        ? [contradiction(`Loki deletes whole days, and retention is ${retention}.`, 'Use at least "1d".')]
        : []),
    ...(/^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/.test(schemaFrom)
      ? []
      : [bad(`schemaFrom is ${JSON.stringify(schemaFrom)}.`, 'Write a day like "2026-11-01".')]),
    ...sizeFindings({ storage }),
    ...(Number.isInteger(replicas) && replicas >= 1 && replicas <= 50
      ? []
      : [bad(`Loki has ${replicas} replicas.`, 'Use a whole number from 1 on.')]),
    ...(mode === 'Distributed' && bucket === undefined
      ? [contradiction('Loki in processes for each task needs object storage, and has none.', 'Set bucket.')]
      : []),
    ...(mode !== 'Distributed' && replicas > 1 && bucket === undefined
      ? [
          contradiction(
            `${replicas} replicas of Loki do not see each other's disks.`,
            'Set bucket, or use one replica.',
          ),
        ]
      : []),
    ...workspaces
      .filter(({ node }) => node.id === PLATFORM)
      .map(() => contradiction(`A workspace is called "${PLATFORM}".`, 'Give it another id.')),
  ];
}

function existingFindings(props: ExistingIndexStoreProps, { workspaces }: StackContext): Finding[] {
  const { lifecycle, administrator, hotNodes, coldNodes } = props;
  const missing = (what: string): Finding => ({
    code: 'ORR2013',
    what,
    fix: 'Set administrator to the keys of a Secret with its name and password.',
  });
  return [
    ...(lifecycle?._findings() ?? []),
    ...(lifecycle === undefined || hotNodes === undefined
      ? []
      : tierFindings(lifecycle._lifecycle(), { hot: hotNodes, cold: coldNodes ?? 0 })),
    ...(lifecycle !== undefined && administrator === undefined
      ? [missing('A policy for the life of indices has to be made, and who may do that is not known.')]
      : []),
    ...(workspaces.length > 0 && administrator === undefined
      ? [missing('Roles that keep workspaces apart have to be made, and who may do that is not known.')]
      : []),
  ];
}

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { ResourceType } from '../../lib/cluster/discovery.ts';
import type { KubeClient } from '../../lib/cluster/kube-client.ts';
import { resourcePath } from '../../lib/cluster/resource-path.ts';
import type { Json, JsonObject, KubernetesObject } from '../../lib/kubernetes/object.ts';
import { apiStatus } from '../../lib/kubernetes/status.ts';
import { readYaml } from '../../lib/yaml/read.ts';
import { at, withValue } from './json-nodes.ts';
import type { Random } from './random.ts';
import { valueFor } from './schema-object.ts';

/** Third-party CRDs (../shared/data/SOURCES.md): keyed lists, sets, atomic lists, defaults, free forms, embedded objects, CEL, several versions. */
export const DEFINITION_FILES: readonly string[] = [
  'cert-manager.io/certificates.cert-manager.io.yaml',
  'external-secrets.io/externalsecrets.external-secrets.io.yaml',
  'flagger.app/canaries.flagger.app.yaml',
  'fluentbit.fluent.io/clusterinputs.fluentbit.fluent.io.yaml',
  'gateway.networking.k8s.io/referencegrants.gateway.networking.k8s.io.yaml',
  'gateway.networking.k8s.io/tcproutes.gateway.networking.k8s.io.yaml',
  'grafana.integreatly.org/grafanadashboards.grafana.integreatly.org.yaml',
  'keda.sh/scaledobjects.keda.sh.yaml',
  'kueue.x-k8s.io/clusterqueues.kueue.x-k8s.io.yaml',
  'kueue.x-k8s.io/localqueues.kueue.x-k8s.io.yaml',
  'metallb.io/bgppeers.metallb.io.yaml',
  'monitoring.coreos.com/prometheusrules.monitoring.coreos.com.yaml',
  'monitoring.coreos.com/servicemonitors.monitoring.coreos.com.yaml',
  'networking.istio.io/gateways.networking.istio.io.yaml',
  'networking.istio.io/serviceentries.networking.istio.io.yaml',
  'opentelemetry.io/instrumentations.opentelemetry.io.yaml',
  'policy.karmada.io/propagationpolicies.policy.karmada.io.yaml',
  'security.istio.io/authorizationpolicies.security.istio.io.yaml',
  'velero.io/schedules.velero.io.yaml',
  'work.open-cluster-management.io/manifestworks.work.open-cluster-management.io.yaml',
];

export interface DefinitionSpec {
  readonly group: string;
  readonly scope: 'Namespaced' | 'Cluster';
  readonly names: { readonly kind: string; readonly plural: string };
  readonly versions: readonly DefinitionVersion[];
}

interface DefinitionVersion {
  readonly name: string;
  readonly served: boolean;
  readonly storage: boolean;
  readonly schema: { readonly openAPIV3Schema: JsonObject };
}

/**
 * The CRDs, each in a group of its own below `domain`, so that they meet nobody else's in the cluster. A conversion webhook is left out: there is none.
 * @param folder `crds` of the third-party data
 * @param files in the folder
 */
export function readDefinitions(
  folder: string,
  domain: string,
  files: readonly string[] = DEFINITION_FILES,
): KubernetesObject[] {
  return files.map((file) => {
    const [document] = readYaml(readFileSync(join(folder, file)), { source: file });
    if (document === undefined) throw new Error(`${file} is empty`);
    const { apiVersion, kind, spec, ...rest } = document.value as unknown as KubernetesObject;
    const { conversion: _, ...kept } = spec as DefinitionSpec & { conversion?: unknown };
    const group = `${kept.names.plural}.${domain}`;
    const metadata = { name: `${kept.names.plural}.${group}`, labels: rest.metadata.labels ?? {} };
    return { apiVersion, kind, metadata, spec: { ...kept, group } };
  });
}

/** The version that the objects are written in. */
export function storedVersion(definition: KubernetesObject): DefinitionVersion {
  const found = specOf(definition).versions.find(({ storage }) => storage);
  if (found === undefined) throw new Error(`${definition.metadata.name} stores no version`);
  return found;
}

export function specOf(definition: KubernetesObject): DefinitionSpec {
  return definition.spec as DefinitionSpec;
}

/** A random object that the server accepts: what it complains about is left out, and where that does not help another one is drawn. */
export async function validObject(
  client: KubeClient,
  definition: KubernetesObject,
  resource: ResourceType,
  metadata: { readonly name: string; readonly namespace?: string },
  random: Random,
): Promise<KubernetesObject> {
  const { group, names } = specOf(definition);
  const { name: version, schema } = storedVersion(definition);
  const complaints: string[] = [];
  for (const density of [0.7, 0.6, 0.5, 0.45, 0.4, 0.35, 0.3, 0.25, 0.2, 0.15, 0.1, 0]) {
    const {
      apiVersion: _,
      kind: __,
      metadata: ___,
      status: ____,
      ...properties
    } = schema.openAPIV3Schema.properties as JsonObject;
    const content = valueFor({ type: 'object', required: ['spec'], properties }, random, density) as JsonObject;
    let object: KubernetesObject = {
      apiVersion: `${group}/${version}`,
      kind: names.kind,
      metadata: { ...metadata },
      ...content,
    };
    for (let repair = 0; repair < 6; repair++) {
      const answer = await client.request({
        method: 'PATCH',
        path: resourcePath(resource, metadata.namespace ?? '', metadata.name),
        query: { dryRun: 'All', fieldManager: 'try' },
        contentType: 'application/apply-patch+yaml',
        body: object,
        idempotent: true,
      });
      if (answer.status < 300) return object;
      const status = apiStatus(answer);
      complaints.push(status.message);
      const without = status.causes.reduce((left, { field }) => withoutField(left, field ?? ''), object);
      if (without === object || without.spec === undefined) break;
      object = without;
    }
  }
  throw new Error(`no valid ${names.kind}: ${complaints.slice(-3).join('; ')}`);
}

/** "spec.rules[0].name" left out: the field, or what holds it when it is not there. */
function withoutField(object: KubernetesObject, field: string): KubernetesObject {
  const path = [...field.matchAll(/([^.[\]]+)|\[(\d+)\]/g)].map(([, name, index]) =>
    index === undefined ? (name ?? '') : Number(index),
  );
  for (let length = path.length; length > 1; length--) {
    const part = path.slice(0, length).map((step) => (/^\d+$/.test(String(step)) ? Number(step) : step));
    if (at(object, part) !== undefined) return withValue(object, part, undefined as Json | undefined);
  }
  return object;
}

import { resourcePath } from '../cluster/resource-path.ts';
import { idKey, type KubernetesObject, type ObjectId } from '../kubernetes/object.ts';
import type { ClusterApply } from './cluster-apply.ts';
import { deleteObject } from './delete-object.ts';
import type { VertexWork } from './run-graph.ts';
import { NotDone } from './skipped.ts';
import { guarded } from './vertex-work.ts';

/**
 * Deletes a hook of a chart that this apply ran, when everything else is done. Its entry stays in the inventory: it says that the hook ran, and what for.
 * @param started as in `workFor`
 */
export function spentWork(run: ClusterApply, id: ObjectId, started: () => Promise<void>): VertexWork {
  return {
    lane: run.tally.cluster,
    write: async () => {
      await started();
      const { context } = run;
      if (context === undefined) throw new NotDone(undefined);
      await guarded(run, async () => {
        const { uid, apiVersion } = context.journal.entry(idKey(id)) ?? {};
        const resource = apiVersion === undefined ? undefined : context.resources.find(apiVersion, id.kind);
        if (uid === undefined || apiVersion === undefined || resource === undefined) return;
        const path = resourcePath(resource, id.namespace, id.name);
        const answer = await context.target.client.request({ method: 'GET', path });
        const live = answer.status === 200 ? (answer.body as KubernetesObject) : undefined;
        if (live?.metadata.uid !== uid) return;
        const precondition = { uid, resourceVersion: live.metadata.resourceVersion ?? '' };
        if ((await deleteObject({ id, precondition }, resource, context)) !== 'foreign') run.tally.deleted(id);
      });
    },
  };
}

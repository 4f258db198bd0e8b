import { describe, expect, it } from 'vitest';
import { type TriggerObject, triggerFindings } from './trigger-rules';

const object = (kind: string, spec: object, own: Partial<TriggerObject> = {}): TriggerObject => ({
  apiVersion: `triggers.tekton.dev/${kind.endsWith('Interceptor') ? 'v1alpha1' : 'v1beta1'}`,
  kind,
  metadata: { name: 'x', namespace: 'ci' },
  spec,
  ...own,
});
const run = {
  apiVersion: 'tekton.dev/v1',
  kind: 'PipelineRun',
  metadata: { generateName: 'x-' },
  spec: { pipelineRef: { name: 'p' }, params: [{ name: 'r', value: '$(tt.params.rev)' }] },
};
const template = { params: [{ name: 'rev' }], resourcetemplates: [run] };
const listener = (trigger: object) => object('EventListener', { triggers: [{ template: { ref: 't' }, ...trigger }] });
const said = (one: TriggerObject) => triggerFindings(one).map(({ what }) => what);

describe('objects of Tekton Triggers', () => {
  it.each([
    object('TriggerBinding', { params: [{ name: 'rev', value: '$(body.head.sha)-$(header.X-GitHub-Event)' }] }),
    object('TriggerTemplate', template),
    listener({
      bindings: [
        { ref: 'b', kind: 'TriggerBinding' },
        { name: 'a', value: '' },
      ],
    }),
    listener({
      interceptors: [{ ref: { name: 'cel' }, params: [{ name: 'filter', value: 'body.x in [\'a\', "b)"]' }] }],
    }),
    object('EventListener', { labelSelector: { matchLabels: { a: 'b' } }, namespaceSelector: { matchNames: ['ci'] } }),
    object('Trigger', { bindings: [], template: { spec: template } }),
    object('Interceptor', { clientConfig: { service: { name: 's', namespace: 'ci', port: 8443 } } }),
  ])('are taken: $kind', (one) => {
    expect(said(one)).toEqual([]);
  });

  // Of event_listener_validation.go, trigger_validation.go, trigger_binding_validation.go, trigger_template_validation.go.
  it.each<[string, TriggerObject, string]>([
    ['kind', object('Listener', {}), 'no kind of Tekton Triggers'],
    ['version', object('Trigger', {}, { apiVersion: 'triggers.tekton.dev/v1' }), 'its apiVersion is'],
    ['field name', object('EventListener', { trigers: [] }), 'spec.trigers: there is no such field'],
    [
      'field name far below',
      listener({ bindings: [{ reff: 'b' }] }),
      'spec.triggers[0].bindings[0].reff: there is no such field',
    ],
    ['type', object('EventListener', { triggers: {} }), 'it is no list'],
    ['missing field', object('TriggerTemplate', {}), 'spec.resourcetemplates: it is missing'],
    ['listens for nothing', object('EventListener', {}), 'listens for nothing'],
    ['name too long', { ...listener({}), metadata: { name: 'x'.repeat(61) } }, 'its name is too long'],
    ['trigger without template', object('EventListener', { triggers: [{}] }), 'it has no template'],
    ['reference with parts', listener({ triggerRef: 'x' }), 'parts of its own'],
    ['name of a trigger', listener({ name: 'a b' }), 'no name of a trigger'],
    ['binding of two ways', listener({ bindings: [{ ref: 'b', name: 'a' }] }), 'a reference or a value'],
    ['binding of nothing', listener({ bindings: [{}] }), 'a reference or a value'],
    ['kind of a binding', listener({ bindings: [{ ref: 'b', kind: 'Binding' }] }), 'a binding is of kind "Binding"'],
    ['binding without value', listener({ bindings: [{ name: 'a' }] }), 'binding "a" has no value'],
    ['template of two ways', listener({ template: { ref: 't', spec: template } }), 'referred to or written out'],
    [
      'pod of the listener',
      object('EventListener', {
        triggers: [],
        resources: { kubernetesResource: { spec: { template: { spec: { hostNetwork: true } } } } },
      }),
      'hostNetwork: there is no such field',
    ],
    [
      'kubernetes and custom resource',
      object('EventListener', {
        triggers: [{ triggerRef: 't' }],
        resources: { kubernetesResource: {}, customResource: {} },
      }),
      'a Deployment and something else',
    ],
    ['interceptor without name', listener({ interceptors: [{}] }), 'it names no interceptor'],
    [
      'param of an interceptor',
      listener({ interceptors: [{ ref: { name: 'github' }, params: [{ name: 'events', value: [] }] }] }),
      'github.events: there is no such field',
    ],
    [
      'secret of an interceptor',
      listener({
        interceptors: [{ ref: { name: 'gitlab' }, params: [{ name: 'secretRef', value: { secretName: 'a' } }] }],
      }),
      'gitlab.secretRef.secretKey: it is missing',
    ],
    [
      'kind of an interceptor',
      listener({ interceptors: [{ ref: { name: 'a', kind: 'Foo' } }] }),
      'it is of kind "Foo"',
    ],
    [
      'webhook',
      listener({ interceptors: [{ webhook: { objectRef: { kind: 'Pod', apiVersion: 'v1', name: 'x' } } }] }),
      'its webhook is no Service',
    ],
    ['empty CEL', listener({ interceptors: [{ ref: { name: 'cel' } }] }), 'cel filters nothing'],
    [
      'open CEL',
      listener({ interceptors: [{ ref: { name: 'cel' }, params: [{ name: 'filter', value: "body.x == 'a" }] }] }),
      'no expression of CEL',
    ],
    ['param that the template lacks', object('TriggerTemplate', { resourcetemplates: [run] }), 'no param of it'],
    ['nothing made', object('TriggerTemplate', { resourcetemplates: [] }), 'it makes nothing'],
    [
      'what may not be made',
      object('TriggerTemplate', { resourcetemplates: [{ apiVersion: 'v1', kind: 'Pod' }] }),
      'it makes "v1 Pod"',
    ],
    [
      'one name for all runs',
      object('TriggerTemplate', { ...template, resourcetemplates: [{ ...run, metadata: { name: 'x' } }] }),
      'a run of the same name',
    ],
    [
      'field of the run',
      object('TriggerTemplate', { ...template, resourcetemplates: [{ ...run, spec: { pipelineReff: {} } }] }),
      'pipelineReff: there is no such field',
    ],
    [
      'two params of one name',
      object('TriggerBinding', {
        params: [
          { name: 'a', value: '' },
          { name: 'a', value: '' },
        ],
      }),
      'two params "a"',
    ],
    [
      'expression without end',
      object('TriggerBinding', { params: [{ name: 'a', value: '$(body.x' }] }),
      'an expression without end',
    ],
    [
      'expression of nothing',
      object('TriggerBinding', { params: [{ name: 'a', value: '$(tt.params.x)' }] }),
      'has "$(tt…"',
    ],
    ['no params', object('TriggerBinding', { params: [] }), 'it has no params'],
    [
      'interceptor at two addresses',
      object('ClusterInterceptor', { clientConfig: { url: 'http://x', service: { name: 's', namespace: 'n' } } }),
      'reached at one address',
    ],
  ])('are refused: %s', (_, one, what) => {
    expect(said(one).filter((finding) => finding.includes(what))).not.toEqual([]);
  });
});

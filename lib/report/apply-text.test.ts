import { describe, expect, it } from 'vitest';
import type { ApplyEvent, ClusterOutcome, Outcome } from '../apply/outcome.ts';
import { applyEventText, outcomeText } from './apply-text.ts';
import { id } from './example-plan.test-data.ts';
import { eventLine } from './json-report.ts';
import { outcomeMarkdown } from './outcome-markdown.ts';
import { paint } from './paint.ts';
import { ACTION_WORDS, ACTIONS } from './wording.ts';

const options = { paint: paint(false), clusterWidth: 7 };
const cart = id('apps/v1', 'Deployment', 'cart');
const problem = {
  code: 'ORR5003',
  what: 'image cannot be pulled',
  where: { path: 'mall/cart' },
  fix: 'Check the registry.',
} as const;

function outcome(cluster: string, over: Partial<ClusterOutcome> = {}): ClusterOutcome {
  return {
    cluster,
    status: 'done',
    written: 2,
    deleted: 0,
    unchanged: 60,
    failures: [],
    skipped: [],
    milliseconds: 14_200,
    ...over,
  };
}

const EVENTS: readonly ApplyEvent[] = [
  { type: 'cluster-started', cluster: 'prod-sh', writes: 2 },
  { type: 'lease-waiting', cluster: 'prod-sh', holder: 'pipeline 4711' },
  ...ACTIONS.map((action): ApplyEvent => ({ type: 'object-written', cluster: 'prod-sh', id: cart, action })),
  { type: 'object-waiting', cluster: 'prod-sh', id: cart, reason: '0 of 1 pods ready' },
  { type: 'object-ready', cluster: 'prod-sh', id: cart },
  { type: 'object-deleted', cluster: 'prod-sh', id: cart },
  { type: 'object-failed', cluster: 'prod-sh', id: cart, problem },
  { type: 'object-skipped', cluster: 'prod-sh', id: cart, reason: 'ConfigMap/mall/cart failed' },
  { type: 'object-warning', cluster: 'prod-sh', id: cart, warning: 'policy/v1beta1 is deprecated' },
  { type: 'cluster-finished', cluster: 'prod-sh', outcome: outcome('prod-sh') },
];

describe('a rollout', () => {
  const text = (event: ApplyEvent) => applyEventText(event, options);
  const gates = [{ name: 'smoke', passed: false, detail: 'it ended with 1', output: 'a\n\n\u001b[2Jb\n' }];
  const failed: Outcome = {
    clusters: [
      outcome('prod-gz'),
      outcome('prod-sh', {
        status: 'skipped',
        written: 0,
        problem: { code: 'ORR5202', what: 'not started: wave "canary" failed.', where: {} },
      }),
    ],
    waves: [
      {
        name: 'canary',
        clusters: ['prod-gz'],
        status: 'failed',
        gates,
        problem: { code: 'ORR5201', what: 'wave "canary" did not pass its gate "smoke": it ended with 1.', where: {} },
      },
      { name: 'rest', clusters: ['prod-sh'], status: 'not-started', gates: [] },
    ],
    rollback: {
      clusters: [
        outcome('prod-gz', { status: 'skipped', problem: { code: 'ORR4010', what: 'there is none', where: {} } }),
      ],
    },
  };

  it('is told as it happens: waves, soak times and gates, with what a failing gate wrote', () => {
    expect(text({ type: 'wave-started', wave: 'canary', clusters: ['prod-gz'] })).toBe('wave canary: prod-gz');
    expect(text({ type: 'wave-soaking', wave: 'canary', milliseconds: 600_000 })).toContain('watching it for 10 min');
    expect(text({ type: 'gate-asked', wave: 'canary', gate: 'smoke' })).toBe('wave canary: asking gate smoke');
    const [gate] = gates;
    if (gate === undefined) throw new Error('no gate');
    expect(text({ type: 'gate-answered', wave: 'canary', gate })).toBe(
      'wave canary: ✖ gate smoke did not pass: it ended with 1\n    a\n    \\x1b[2Jb',
    );
    expect(text({ type: 'rollback-started', clusters: ['prod-gz'] })).toBe('rolling back prod-gz');
  });

  it('that stopped says which wave, why, what was not started and what was not rolled back', () => {
    expect(outcomeText(failed, options)).toBe(
      [
        'failed · wave canary · 2 clusters · 2 written',
        '  ✖ wave canary (prod-gz): failed · wave "canary" did not pass its gate "smoke": it ended with 1.',
        '  ○ wave rest (prod-sh): not started',
        '  prod-gz was not rolled back: there is none',
        '  prod-sh  ○ skipped · 60 unchanged · not started: wave "canary" failed.',
        'What was written is recorded: run the same command again to go on from here.',
        '',
      ].join('\n'),
    );
    const markdown = outcomeMarkdown('shop', failed);
    expect(markdown).toContain('### ❌ shop: failed · wave canary');
    expect(markdown).toContain('  - `\\x1b[2Jb`');
  });
});

describe('events of an apply', () => {
  it('are a line each, with the cluster in front and the object named', () => {
    for (const event of EVENTS) {
      const text = applyEventText(event, options);
      expect(text).toMatch(/^prod-sh {2}\S /);
      if ('id' in event) expect(text).toContain('Deployment/mall/cart');
      if (event.type !== 'object-failed') expect(text).not.toContain('\n');
    }
  });

  it('say in words what was done', () => {
    for (const action of ACTIONS)
      expect(applyEventText({ type: 'object-written', cluster: 'a', id: cart, action }, options)).toContain(
        ACTION_WORDS[action].done,
      );
  });

  it('show a failure with code, what and fix', () => {
    expect(applyEventText({ type: 'object-failed', cluster: 'prod-sh', id: cart, problem }, options)).toBe(
      'prod-sh  ✖ Deployment/mall/cart failed\nerror ORR5003  mall/cart  cluster prod-sh\n  image cannot be pulled\n  Check the registry.',
    );
  });

  it('are one line of JSON each that reads back as what it was', () => {
    for (const event of EVENTS) {
      const line = eventLine({ ...event, at: '2026-11-21T09:00:00Z' });
      expect(line.indexOf('\n')).toBe(line.length - 1);
      expect(JSON.parse(line)).toEqual({ ...event, at: '2026-11-21T09:00:00Z' });
    }
  });

  it('cannot steer the terminal', () => {
    const evil = '\u001b[2J\r\n::error::x\u009b';
    const hostile: readonly ApplyEvent[] = [
      { type: 'lease-waiting', cluster: evil, holder: evil },
      { type: 'object-waiting', cluster: evil, id: id('v1', evil, evil, evil), reason: evil },
      { type: 'object-skipped', cluster: evil, id: cart, reason: evil },
      { type: 'object-warning', cluster: evil, id: cart, warning: evil },
      {
        type: 'object-failed',
        cluster: evil,
        id: cart,
        problem: { code: 'ORR5001', what: evil, where: { path: evil }, fix: evil },
      },
    ];
    for (const event of hostile) {
      const text = applyEventText(event, options);
      for (const steering of ['\u001b', '\r', '\u009b']) expect(text).not.toContain(steering);
      expect(text).not.toMatch(/^\s*::/m);
      expect(eventLine({ ...event, at: '' })).not.toMatch(/[\u009b\r]/);
    }
  });
});

describe('the outcome of an apply', () => {
  const verdict = (...clusters: ClusterOutcome[]): string => outcomeText({ clusters }, options).split('\n')[0] ?? '';

  it('is one line when everything was done', () => {
    const text = outcomeText(
      { clusters: [outcome('a'), outcome('b', { deleted: 1 })] },
      { ...options, milliseconds: 61_000 },
    );
    expect(text).toBe('applied · 2 clusters · 4 written · 1 deleted · 1 min 1 s\n');
  });

  it('is called by the worst that happened', () => {
    expect(verdict(outcome('a'), outcome('b', { status: 'waiting' }))).toMatch(
      /^waiting for somebody · 1 of 2 clusters/,
    );
    expect(verdict(outcome('a', { status: 'waiting' }), outcome('b', { status: 'skipped' }))).toMatch(
      /^incomplete · 1 of 2 clusters/,
    );
    expect(verdict(outcome('a', { status: 'skipped' }), outcome('b', { status: 'interrupted' }))).toMatch(
      /^interrupted · 1 of 2 clusters/,
    );
    expect(verdict(outcome('a', { status: 'interrupted' }), outcome('b', { status: 'failed' }))).toMatch(
      /^failed · 1 of 2 clusters/,
    );
  });

  it('says of every cluster that is not done what is missing, and how to go on', () => {
    const failed = outcome('prod-gz', {
      status: 'failed',
      failures: [{ id: cart, problem }],
      skipped: [{ id: cart, reason: 'x' }],
      problem: { code: 'ORR5004', what: 'somebody else is applying', where: {} },
    });
    const text = outcomeText({ clusters: [outcome('prod-sh'), failed] }, options);
    expect(text).toContain('prod-gz  ✖ failed · 2 written · 60 unchanged · 1 failed · 1 skipped · 14 s');
    expect(text).toContain('error ORR5004  cluster prod-gz');
    expect(text).toContain('run the same command again');
    expect(text).not.toContain('prod-sh  ');
  });

  it('names what waits for somebody', () => {
    const waiting = outcome('ops', { status: 'waiting', suspended: [{ id: cart, reason: 'paused at 20 %' }] });
    expect(outcomeText({ clusters: [waiting] }, options)).toContain('Deployment/mall/cart: paused at 20 %');
  });

  it('reads well as Markdown: verdict, failures, a row per cluster', () => {
    const failed: Outcome = {
      clusters: [outcome('prod-sh'), outcome('prod-gz', { status: 'failed', failures: [{ id: cart, problem }] })],
    };
    const markdown = outcomeMarkdown('Online shop', failed);
    expect(markdown).toMatch(/^### ❌ Online shop: failed · 1 of 2 clusters/);
    expect(markdown).toContain('- `Deployment/mall/cart` in `prod-gz` **ORR5003**: image cannot be pulled');
    expect(markdown).toContain('| `prod-sh` | done · 2 written · 60 unchanged · 14 s |');
  });
});

import { completeRequest, type PartialRequest } from '../../../src/domain/kinds/complete-request';
import { waiversAtStart, waiversOf, type Predecessor } from '../../../src/domain/rollout/waivers';

const change = { kind: 'template', templateId: 't', revision: 1 } as const;
const wave = (number: number, users: number) => ({
  wave: number,
  users,
  soakSeconds: 0,
  steps: [],
});
const withPilot = { planned: 10, waves: [wave(0, 2), wave(1, 8)] };
const withoutPilot = { planned: 10, waves: [wave(1, 10)] };
const calm: Predecessor = { failures: { written: 10, failed: 3, limit: 3 }, isAtGate: false };

const ofWatch = (options: Omit<PartialRequest, 'change'> = {}) =>
  completeRequest({ change: { kind: 'reconcile' }, ...options });
const preview: PartialRequest['change'] = {
  kind: 'preview',
  scope: { kind: 'organization' },
  name: 'All',
  entitlements: [],
};

describe('what only an approver may waive', () => {
  const ofRequest: [string, Omit<PartialRequest, 'change'>, string[]][] = [
    ['the defaults', {}, []],
    ['tighter guards', { guards: { failureMin: 0, failurePercent: 1 } }, []],
    ['no pilot', { pilot: null }, ['it has no pilot']],
    ['an empty pilot', { pilot: { sample: null } }, ['it has no pilot']],
    ['automatic gates', { gates: 'automatic' }, ['its gates open automatically']],
    ['more failures', { guards: { failureMin: 4 } }, ['its guards let more users fail']],
    ['a larger share', { guards: { failurePercent: 5.5 } }, ['its guards let more users fail']],
    ['a large sample', { guards: { failureMinSample: 900 } }, ['its guards let more users fail']],
    ['permanent loss', { acknowledgeIrreversible: true }, ["it acknowledges what can't be undone"]],
  ];

  it.each(ofRequest)('R79 R96 of a request: %s', (_, options, waivers) => {
    const found = waiversOf(completeRequest({ change, ...options }));
    expect(found).toEqual(waivers.map((one) => expect.stringContaining(one) as string));
  });

  type Plan = Parameters<typeof waiversAtStart>[0];
  const ofPlan: [string, Partial<Plan>, string[]][] = [
    ['a pilot', { summary: withPilot }, []],
    ['nobody in the pilot', { summary: withoutPilot }, ['nobody is in its pilot']],
    [
      'a pilot with no users in it',
      { summary: { planned: 1, waves: [wave(0, 0), wave(1, 1)] } },
      ['nobody is in its pilot'],
    ],
    ['nobody at all', { summary: { planned: 0, waves: [] } }, []],
    ['users of a rollout that went well', { predecessor: calm }, []],
    [
      'users of a rollout that stood at a gate',
      { predecessor: { ...calm, isAtGate: true } },
      ['stood at a gate'],
    ],
    [
      'users of a rollout with too many failures',
      { predecessor: { ...calm, failures: { written: 10, failed: 4, limit: 3 } } },
      ['too many failed'],
    ],
    [
      'no pilot asked for, said once',
      { request: completeRequest({ change, pilot: null }), summary: withoutPilot },
      ['it has no pilot'],
    ],
    ['a plan that the watch leaves to a person', { request: ofWatch() }, []],
    [
      'such a plan with its pilot waived',
      { request: ofWatch({ pilot: null }), summary: withoutPilot },
      ['it has no pilot'],
    ],
    [
      'such a plan that acknowledges permanent loss',
      { request: ofWatch({ acknowledgeIrreversible: true }) },
      ["it acknowledges what can't be undone"],
    ],
    [
      'such a plan after too many failures of the watch',
      { request: ofWatch(), watchHold: '4 of 9 users failed' },
      ['4 of 9 users failed'],
    ],
    [
      'a preview, which nobody starts',
      { request: completeRequest({ change: preview, pilot: null }) },
      [],
    ],
  ];

  it.each(ofPlan)('R79 R96 R102 R106 at the start: %s', (_, given, waivers) => {
    const plan = { request: completeRequest({ change }), summary: withPilot, predecessor: null };
    const found = waiversAtStart({ ...plan, ...given });
    expect(found).toEqual(waivers.map((one) => expect.stringContaining(one) as string));
  });
});

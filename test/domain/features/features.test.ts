import {
  availabilityOf,
  featureImpact,
  features,
  featureStateOf,
  type Feature,
  type FeatureState,
} from '../../../src/domain/features/features';

const allOn: FeatureState = { messaging: true, calling: true, paidCalling: false, hostSites: [] };
const messagingOff = { ...allOn, messaging: false };
const callingOffPaid = { ...allOn, calling: false, paidCalling: true };
const callingOff = { ...allOn, calling: false };
const bothOffPaid = { ...messagingOff, calling: false, paidCalling: true };
const bothOff = { ...messagingOff, calling: false };
const states = [allOn, messagingOff, callingOffPaid, callingOff, bothOffPaid, bothOff];

const host = 'with-host-license';
const part = 'limited';
const open = 'not-stated';

// Typed off the page once more, so that neither copy can be wrong alone.
const rows: [Feature, ...string[]][] = [
  ['message-directly', 'yes', 'no', 'yes', 'yes', 'no', 'no'],
  ['message-in-space', 'yes', 'no', 'yes', 'yes', 'no', 'no'],
  ['share-desktop-outside-call', 'yes', 'no', 'yes', 'yes', 'no', 'no'],
  ['share-desktop-in-call', 'yes', 'yes', open, open, open, open],
  ['schedule-in-space', 'yes', 'no', 'yes', 'yes', 'no', 'no'],
  ['call-app', 'yes', 'yes', 'no', 'no', 'no', 'no'],
  ['call-menus', 'yes', 'yes', 'yes', 'no', 'yes', 'no'],
  ['join-on-site', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
  ['schedule-on-site', host, host, host, host, host, host],
  ['whiteboard', 'yes', open, open, open, open, open],
  ['annotate', 'yes', part, open, open, open, open],
  ['see-presence', 'yes', 'yes', 'yes', 'yes', 'yes', 'yes'],
];

function effects(before: FeatureState, after: FeatureState): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { feature, site, effect } of featureImpact(before, after)) {
    (found[effect] ??= []).push(site === null ? feature : `${feature} ${site}`);
  }
  return found;
}

describe('availabilityOf', () => {
  it.each(rows)('R86 has the row of %s', (feature, ...cells) => {
    expect(states.map((state) => availabilityOf(feature, state))).toEqual(cells);
  });

  it('R86 has a row for every feature', () => {
    expect(rows.map(([feature]) => feature)).toEqual([...features]);
  });

  it('R86 asks about paid calling only where calling is off', () => {
    for (const state of [allOn, messagingOff]) {
      const paid = { ...state, paidCalling: true };
      for (const feature of features) {
        expect(availabilityOf(feature, paid)).toBe(availabilityOf(feature, state));
      }
    }
  });
});

describe('featureImpact', () => {
  const messaging = [
    'message-directly',
    'message-in-space',
    'share-desktop-outside-call',
    'schedule-in-space',
  ];

  it('R86 of turning messaging off', () => {
    expect(effects(allOn, messagingOff)).toEqual({
      lost: messaging,
      limited: ['annotate'],
      'not-stated': ['whiteboard'],
    });
  });

  it.each([
    ['with paid calling', callingOffPaid, ['call-app']],
    ['without', callingOff, ['call-app', 'call-menus']],
  ])('R86 of turning calling off %s', (_, after, lost) => {
    expect(effects({ ...allOn, paidCalling: after.paidCalling }, after)).toEqual({
      lost,
      'not-stated': ['share-desktop-in-call', 'whiteboard', 'annotate'],
    });
  });

  it('R86 of turning both off', () => {
    expect(effects(allOn, bothOff).lost).toEqual([...messaging, 'call-app', 'call-menus']);
  });

  it('R86 of giving messaging back', () => {
    expect(effects(messagingOff, allOn)).toEqual({
      gained: [...messaging, 'annotate'],
      'not-stated': ['whiteboard'],
    });
  });

  it('R86 of paid calling for somebody without Call on Webex', () => {
    expect(effects(callingOff, callingOffPaid)).toEqual({
      gained: ['call-menus'],
      'not-stated': ['share-desktop-in-call', 'whiteboard', 'annotate'],
    });
  });

  it('R86 of becoming host on one site and ceasing to be on another', () => {
    const before = { ...allOn, hostSites: ['a.webex.com', 'b.webex.com'] };
    const after = { ...allOn, hostSites: ['b.webex.com', 'c.webex.com'] };
    expect(effects(before, after)).toEqual({
      lost: ['schedule-on-site a.webex.com'],
      gained: ['schedule-on-site c.webex.com'],
    });
  });

  it.each(states.flatMap((before) => states.map((after) => [before, after] as const)))(
    'R86 never counts as lost what the source does not state: %j to %j',
    (before, after) => {
      for (const { feature, effect } of featureImpact(before, after)) {
        const said = [availabilityOf(feature, before), availabilityOf(feature, after)];
        expect(effect === 'not-stated').toBe(said.includes('not-stated'));
        if (effect === 'lost') expect(said).toEqual(['yes', 'no']);
      }
    },
  );

  it.each(states)('R86 finds nothing where nothing changes: %j', (state) => {
    expect(featureImpact(state, { ...state })).toEqual([]);
  });
});

describe('featureStateOf', () => {
  it('R86 reads keys, each as often as it is held', () => {
    const keys = ['messaging', 'messaging', 'paid-calling', 'host@b', 'host@a', 'host@a'];
    expect(featureStateOf(keys)).toEqual({
      messaging: true,
      calling: false,
      paidCalling: true,
      hostSites: ['a', 'b'],
    });
  });
});

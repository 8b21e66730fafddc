import {
  resolve,
  type ResolvableLoss,
  type ResolvableWant,
} from '../../../src/domain/units/resolve';

const site = 'a.webex.com';
const plain = { needsAllRemovals: false, needs: [] };
const license: ResolvableWant = { kind: 'license', site: null, ifNoUnit: 'wait', ...plain };
const host: ResolvableWant = { kind: 'license', site, ifNoUnit: 'wait', ...plain };
const hostOrAttendee: ResolvableWant = { ...host, ifNoUnit: 'become-attendee' };
const hostOrStays: ResolvableWant = { ...host, ifNoUnit: 'stay-attendee' };
const attendee: ResolvableWant = { kind: 'attendee', site, ...plain };
const target = { kind: 'license', licenseId: 'id', offer: 'RTT', site: null } as const;
const removal: ResolvableLoss = { target, replacedByWant: null };
const replaced: ResolvableLoss = { target, replacedByWant: 0 };
const attendeeEnds: ResolvableLoss = { target: { kind: 'attendee', site }, replacedByWant: 0 };

interface Row {
  what: string;
  wants: ResolvableWant[];
  losses?: ResolvableLoss[];
  /** Wants without a unit. */
  short?: number[];
  removalsWait?: boolean;
  /** `+` goes ahead, `-` waits, `a` attendee meanwhile. */
  gives: string;
  removes?: string;
  pending: 'unit' | 'host' | null;
}

const table: Row[] = [
  {
    what: 'R46 everything with units goes ahead',
    wants: [license, attendee],
    losses: [removal],
    gives: '++',
    removes: '+',
    pending: null,
  },
  {
    what: 'R46 removals wait with an addition that has no unit',
    wants: [license, license],
    losses: [removal],
    short: [1],
    gives: '+-',
    removes: '-',
    pending: 'unit',
  },
  {
    what: 'R46 removals wait where something can never be given',
    wants: [license],
    losses: [removal],
    removalsWait: true,
    gives: '+',
    removes: '-',
    pending: null,
  },
  {
    what: 'R40 a replacement goes ahead although something else waits',
    wants: [host, license],
    losses: [attendeeEnds, removal],
    short: [1],
    gives: '+-',
    removes: '+-',
    pending: 'unit',
  },
  {
    what: 'R40 a replacement waits as a whole',
    wants: [license],
    losses: [replaced],
    short: [0],
    gives: '-',
    removes: '-',
    pending: 'unit',
  },
  {
    what: 'R40 any host license on the site ends the attendee account',
    wants: [host, host],
    losses: [attendeeEnds],
    short: [0],
    gives: '-+',
    removes: '+',
    pending: 'unit',
  },
  {
    what: 'R53 what needs something that waits, waits',
    wants: [license, { ...license, needs: [0] }],
    short: [0],
    gives: '--',
    pending: 'unit',
  },
  {
    what: 'R60 what excludes a removal waits with it',
    wants: [{ ...license, needsAllRemovals: true }, license],
    losses: [removal],
    short: [1],
    gives: '--',
    removes: '-',
    pending: 'unit',
  },
  {
    what: 'R36 without a host unit: attendee meanwhile, once per site',
    wants: [hostOrAttendee, hostOrAttendee],
    short: [0, 1],
    gives: 'a-',
    pending: 'host',
  },
  {
    what: 'R36 an attendee stays attendee',
    wants: [hostOrStays],
    losses: [attendeeEnds],
    short: [0],
    gives: '-',
    removes: '-',
    pending: 'host',
  },
  {
    what: 'R36 R46 a host by another license waits for a unit and is no attendee',
    wants: [hostOrAttendee, host],
    short: [0],
    gives: '-+',
    pending: 'unit',
  },
];

describe('what is planned and what waits', () => {
  it.each(table)(
    '$what',
    ({ wants, losses = [], short = [], removalsWait = false, ...expected }) => {
      const resolution = resolve({ wants, losses, removalsWait }, (want) => !short.includes(want));
      const gives = resolution.wants.map(({ goes, meanwhile }) =>
        goes ? '+' : meanwhile === site ? 'a' : '-',
      );
      const removes = resolution.losses.map(({ goes }) => (goes ? '+' : '-'));
      expect(gives.join('')).toBe(expected.gives);
      expect(removes.join('')).toBe(expected.removes ?? '');
      expect(resolution.pending).toBe(expected.pending);
      expect(resolution.wants.map(({ want }) => want)).toEqual(wants);
    },
  );
});

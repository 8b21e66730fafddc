import { shortLabel } from '../builders';
import type { Change } from '../../../src/domain/model/change';
import {
  withoutMissingUnits as narrow,
  type WithoutMissingUnits,
} from '../../../src/domain/write/without-missing-units';

const site = 'acme.webex.com';
const reason = { code: 'granted', text: 'granted by Sales', rule: 'R11', templates: [] } as const;

function license(operation: Change['operation'], offer: string, at: string | null = null): Change {
  const target = { kind: 'license', licenseId: offer, offer, site: at } as const;
  return { operation, target, reason: { ...reason, templates: [] }, replacement: false };
}

function attendee(operation: Change['operation']): Change {
  const target = { kind: 'attendee', site } as const;
  return { operation, target, reason: { ...reason, templates: [] }, replacement: true };
}

function withoutMissingUnits(
  changes: Change[],
  unitsLeft: Record<string, number | null>,
): WithoutMissingUnits | null {
  return narrow(changes, unitsLeft, {});
}

describe('a write that Webex refused as a whole', () => {
  it('is not narrowed where every unit is there: something else was the reason', () => {
    expect(withoutMissingUnits([license('add', 'MS')], { MS: 3, EE: 0 })).toBeNull();
    expect(withoutMissingUnits([license('add', 'FTC')], { FTC: null })).toBeNull();
  });

  it('R46 keeps other additions, and lets starved ones wait with all removals', () => {
    const [ms, rtt, cf] = [license('add', 'MS'), license('add', 'RTT'), license('remove', 'CF')];
    expect(withoutMissingUnits([cf, ms, rtt], { MS: 1, RTT: 0 })).toEqual({
      changes: [ms],
      waiting: [cf, rtt],
      pending: 'unit',
    });
  });

  it('R36 adds attendee meanwhile if it was granted in addition', () => {
    const host: Change = { ...license('add', 'EE', site), attendeeFallback: true };
    const narrowed = withoutMissingUnits([host], { EE: 0 });
    expect(narrowed).toMatchObject({ waiting: [host], pending: 'host' });
    expect(narrowed?.changes).toEqual([
      expect.objectContaining({ operation: 'add', target: { kind: 'attendee', site } }),
    ]);
  });

  it('R36 leaves an attendee who would have become host as they are', () => {
    const host: Change = { ...license('add', 'EE', site), attendeeFallback: true };
    expect(withoutMissingUnits([attendee('remove'), host], { EE: 0 })).toEqual({
      changes: [],
      waiting: [attendee('remove'), host],
      pending: 'host',
    });
  });

  it.each<[string, Change[], Record<string, number>, Change[]]>([
    [
      'R95 host and the removal of attendee, where another license is short',
      [attendee('remove'), license('add', 'EE', site), license('add', 'MS')],
      { EE: 1, MS: 0 },
      [attendee('remove'), license('add', 'EE', site)],
    ],
    [
      'R95 attendee and the removal of host',
      [license('remove', 'EE', site), attendee('add'), license('add', 'MS')],
      { EE: 1, MS: 0 },
      [license('remove', 'EE', site), attendee('add')],
    ],
    [
      'R95 Premium and the removal of Standard',
      [license('remove', 'CJPSTD'), license('add', 'CJPPRM'), license('add', 'MS')],
      { CJPPRM: 4, MS: 0 },
      [license('remove', 'CJPSTD'), license('add', 'CJPPRM')],
    ],
    [
      'R95 neither half where the addition itself is short',
      [license('remove', 'CJPSTD'), license('add', 'CJPPRM'), license('add', 'MS')],
      { CJPPRM: 0, MS: 1 },
      [license('add', 'MS')],
    ],
  ])('never tears a replacement apart: %s', (_, changes, unitsLeft, goes) => {
    const narrowed = withoutMissingUnits(changes, unitsLeft);
    expect(narrowed?.changes).toEqual(goes);
    const labels = goes.map(shortLabel);
    const waiting = changes.map(shortLabel).filter((label) => !labels.includes(label));
    expect(narrowed?.waiting.map(shortLabel)).toEqual(waiting);
  });

  it('R46 lets an addition wait whose prerequisite waits', () => {
    const changes = [license('add', 'FTM'), license('add', 'CF'), license('add', 'RTT')];
    expect(withoutMissingUnits(changes, { FTM: 0 })).toMatchObject({
      changes: [changes[2]],
      waiting: [changes[0], changes[1]],
    });
  });
});

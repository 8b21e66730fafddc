import fc from 'fast-check';
import type { Change, Operation } from '../../../src/domain/model/change';
import { believedAnswer } from '../../../src/domain/write/believed-answer';
import { licenseId } from '../builders';
import { aChange } from '../../support/scripted-webex';

const held = (licenses: string[], attendeeSites: string[] | null = []) => ({
  licenses: licenses.map((offer) => licenseId(offer)).sort(),
  attendeeSites,
});
const change = (operation: Operation, offer: string, site: string | null = null): Change =>
  aChange(operation, { kind: 'license', licenseId: licenseId(offer), offer, site });
const attendee = (operation: Operation, site: string): Change =>
  aChange(operation, { kind: 'attendee', site });

describe('what is believed of an answer', () => {
  it.each([
    ['adds', ['FMS'], [change('add', 'MS')], ['FMS', 'MS'], ['FMS', 'MS']],
    ['removes', ['FMS', 'MS'], [change('remove', 'MS')], ['FMS'], ['FMS']],
    ['does not add', ['FMS'], [change('add', 'MS')], ['FMS'], ['FMS']],
    ['does not remove', ['FMS', 'MS'], [change('remove', 'MS')], ['FMS', 'MS'], ['FMS', 'MS']],
    ['shows more', ['FMS'], [change('add', 'MS')], ['FMS', 'MS', 'FTM'], ['FMS', 'FTM', 'MS']],
    [
      'lacks what nobody removes',
      ['FMS', 'RTT'],
      [change('add', 'MS')],
      ['MS'],
      ['FMS', 'MS', 'RTT'],
    ],
    ['is empty', ['FMS', 'RTT'], [change('remove', 'RTT')], [], ['FMS']],
  ] as const)('R80a R31a where it %s', (_, before, changes, shown, believed) => {
    const row = { before: held([...before]), changes: [...changes] };
    expect(believedAnswer(held([...shown]), row)).toEqual(held([...believed]));
  });

  const [a, b] = ['a.webex.com', 'b.webex.com'];
  it.each<[string, Change[], string[] | null, string[] | null]>([
    ['keeps accounts that it lacks', [change('add', 'MS')], [], [a, b]],
    ['ends an account that is removed', [attendee('remove', a)], [], [b]],
    ['ends an account that a host license replaces', [change('add', 'EE', a)], [], [b]],
    ['adds none that it lacks', [attendee('add', 'c.webex.com')], [], [a, b]],
    ['says nothing where it shows none', [change('add', 'MS')], null, null],
  ])('R80a R40 %s', (_, changes, shown, believed) => {
    const row = { before: held(['FMS'], [a, b]), changes };
    expect(believedAnswer(held(['FMS'], shown), row).attendeeSites).toEqual(believed);
  });

  it('R31a never lets a plan add what was held and nobody removes, however short the answer', () => {
    const offers = ['FMS', 'MS', 'FTM', 'RTT', 'CF', 'UCPREM'];
    const someOf = fc.subarray(offers);
    fc.assert(
      fc.property(someOf, someOf, someOf, someOf, (before, added, removed, shown) => {
        const changes = [
          ...added.map((offer) => change('add', offer)),
          ...removed.map((offer) => change('remove', offer)),
        ];
        const { licenses } = believedAnswer(held(shown), { before: held(before), changes });
        for (const offer of before.filter(
          (one) => !removed.includes(one) && !added.includes(one),
        )) {
          expect(licenses).toContain(licenseId(offer));
        }
        // Of what it was asked to do, only the answer tells.
        for (const offer of [...added, ...removed]) {
          expect(licenses.includes(licenseId(offer))).toBe(shown.includes(offer));
        }
      }),
    );
  });
});

import fc from 'fast-check';
import type { Candidate } from '../../src/domain/kinds/candidate';
import type { Template } from '../../src/domain/model/template';
import type { License } from '../../src/domain/model/license';
import {
  aLicense,
  aTemplate,
  aUser,
  licenseId,
  siteA,
  siteB,
  someLicenses,
  type Story,
} from './builders';

const hosts = [`EE@${siteA}`, `EE@${siteB}`];
const attendees = hosts.map((host) => `${host}:attendee`);
const free = ['FMS', 'FTM', 'FTC', 'FSS'];
const grantable = [
  'FMS',
  'MS',
  'FTC',
  'RTT',
  'BCSTD',
  'WXCSTD',
  'CJPPRM',
  'CJPSTD',
  ...hosts,
  ...attendees,
];
const holdable = [
  ...free,
  'MS',
  'RTT',
  'RTT#2',
  'WAM',
  'BCSTD',
  'WXCSTD',
  'CJPPRM',
  'CJPSTD',
  ...hosts,
];

/** What Webex lets a user hold: messaging with what it needs, one Contact Center, one account a site. */
function anyUser(id: string): fc.Arbitrary<Candidate> {
  return fc
    .record({
      holds: fc.subarray(holdable),
      attends: fc.subarray([siteA, siteB]),
      groups: fc.subarray(['g', 'h']),
      inPilot: fc.boolean(),
    })
    .map(({ holds, attends, ...rest }) => {
      const has = (offer: string) => holds.includes(offer);
      const held = holds.filter(
        (spec) =>
          !((spec === 'MS' || spec === 'FTM') && !has('FMS')) &&
          !(spec === 'WXCSTD' && has('BCSTD')),
      );
      const one = has('CJPPRM') ? held.filter((spec) => spec !== 'CJPSTD') : held;
      const sites = attends.filter((site) => !has(`EE@${site}`));
      return aUser({ id, holds: one, attends: sites, ...rest });
    });
}

const anyUsers = fc
  .integer({ min: 1, max: 8 })
  .chain((count) => fc.tuple(...Array.from({ length: count }, (_, i) => anyUser(`user${i}`))));

const anyTemplates: fc.Arbitrary<Template[]> = fc
  .tuple(fc.subarray(grantable), fc.subarray(grantable), fc.subarray(grantable))
  .map(([organization, g, h]) => [
    aTemplate(organization),
    aTemplate(g, { group: 'g' }),
    aTemplate(h, { group: 'h' }),
  ]);

/** Units left of each paid license; what the users hold is counted as used on top. */
const anyUnits = fc.record(
  Object.fromEntries(
    ['MS', 'RTT', 'RTT#2', 'BCSTD', 'WXCSTD', 'CJPPRM', 'CJPSTD', ...hosts].map((spec) => [
      spec,
      fc.constantFrom(0, 0, 1, 4),
    ]),
  ),
);

/** Templates, users and units as they come; what users hold is what Webex allows. */
export const anyStory = fc
  .record({
    users: anyUsers,
    templates: anyTemplates,
    units: anyUnits,
    preserveLicenses: fc.boolean(),
    pilot: fc.constantFrom(null, { sample: { count: 2 } }),
    compositionMode: fc.constantFrom('union', 'group-overrides-organization'),
  })
  .map(({ units, users, ...story }): Story & { users: Candidate[]; licenses: License[] } => ({
    ...story,
    users,
    licenses: licensesFor(units, users),
  }));

function licensesFor(units: Record<string, number>, users: readonly Candidate[]): License[] {
  const used = (id: string) => users.filter((user) => user.holdings.licenses.includes(id)).length;
  const paid = Object.entries(units).map(([spec, left]) =>
    aLicense(spec, { total: left + used(licenseId(spec)), used: used(licenseId(spec)) }),
  );
  return [...someLicenses().filter(({ subscriptionId }) => subscriptionId === null), ...paid];
}

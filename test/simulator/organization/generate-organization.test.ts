import { generateOrganization } from '../../../src/simulator/organization/generate-organization';
import type { Organization } from '../../../src/simulator/organization/organization';
import { fraction, scramble, unscramble } from '../../../src/simulator/organization/random';

function fingerprint(organization: Organization): unknown {
  const { people, catalog, groups, orgId } = organization;
  const users = Array.from({ length: people.size }, (_, row) => [
    organization.personId(row),
    people.fieldsOf(row, people.truth(row)),
    catalog.holding(people.truth(row).holding).ids,
  ]);
  return [orgId, users, catalog.licenses, [...groups.all.values()]];
}

describe('the generator', () => {
  const organization = generateOrganization({ users: 2000, seed: 3 });
  const { people, catalog, groups, locations } = organization;
  const rows = Array.from({ length: people.size }, (_, row) => row);
  const fields = (row: number) => people.fieldsOf(row, people.truth(row));
  const all = [...groups.all.values()];

  it('makes the same organization from the same seed, and another from another', () => {
    const [one, two, other] = [5, 5, 6].map((seed) =>
      JSON.stringify(fingerprint(generateOrganization({ users: 120, seed }))),
    );
    expect(one).toBe(two);
    expect(one).not.toBe(other);
  });

  it('finds people by id and e-mail without an index', () => {
    for (const row of rows) {
      expect(people.rowOf(organization.personId(row))).toBe(row);
      expect(people.rowOfEmail(String((fields(row).emails as string[])[0]))).toBe(row);
    }
    expect(people.rowOf('00000000-0000-4000-8000-000000000000')).toBeUndefined();
    expect(people.rowOfEmail('nobody12@aspen.example')).toBeUndefined();
  });

  it('R9 has several meeting sites, R44 one offer in two subscriptions', () => {
    expect(catalog.sites()).toHaveLength(2);
    const messaging = catalog.licenses.filter((one) => one.offer === 'MS');
    expect(new Set(messaging.map((one) => one.subscriptionId)).size).toBe(2);
    expect(messaging.every((one) => catalog.heldBy[one.index]! > 0)).toBe(true);
  });

  it('R13 has location groups with machines, and several groups of one name', () => {
    for (const location of locations) {
      const group = groups.all.get(location.uuid);
      expect(group?.displayName).toBe(location.body.name);
      expect(group?.members.filter((one) => typeof one !== 'number')).toHaveLength(2);
    }
    expect(all.filter((one) => one.displayName === 'Project team')).toHaveLength(3);
    expect(all.some((one) => one.members.length === 0)).toBe(true);
  });

  it('has pending users, users who never signed in, bots, and an administrator', () => {
    const count = (test: (one: Record<string, unknown>) => boolean) =>
      rows.map(fields).filter(test).length;
    expect(count((one) => one.invitePending === true)).toBeGreaterThan(50);
    expect(count((one) => one.status === 'unknown')).toBeGreaterThan(100);
    expect(count((one) => one.type === 'bot')).toBe(4);
    expect(fields(organization.administrator()).roles).toHaveLength(1);
  });

  it('has units for all holders of a license, and some left', () => {
    for (const license of catalog.licenses.filter((one) => one.totalUnits !== 'users')) {
      expect(catalog.heldBy[license.index]).toBeLessThan(Number(license.totalUnits));
    }
  });

  it('has hosts, attendees, callers, agents and holders of a license that is not listed', () => {
    const held = (offer: string) =>
      catalog.licenses
        .filter((one) => one.offer === offer)
        .reduce((sum, one) => sum + catalog.heldBy[one.index]!, 0);
    for (const offer of ['FMS', 'MS', 'EE', 'CF', 'RTT', 'BCSTD', 'CJPPRM', 'CJPSTD', 'WAM']) {
      expect(held(offer)).toBeGreaterThan(0);
    }
    expect(catalog.licenses.find((one) => one.offer === 'WAM')?.listed).toBe(false);
    expect(catalog.holdings.some((one) => one.attendeeSites.length > 0)).toBe(true);
  });

  it('computes people from their number, and keeps what they hold once for all holders', () => {
    const large = generateOrganization({ users: 20_000, seed: 1 });
    expect(large.people.existing).toBe(20_000);
    const truths = Array.from({ length: 20_000 }, (_, row) => large.people.truth(row));
    expect(truths.filter((one) => one.fields !== null)).toEqual([]);
    expect(large.catalog.holdings.length).toBeLessThan(1_000);
  });

  it('scrambles numbers so that they can be told again', () => {
    for (const value of [0, 1, 77, 2 ** 31, 2 ** 32 - 1])
      expect(unscramble(scramble(value))).toBe(value);
    const draws = rows.map((row) => fraction(1, row, 2));
    expect(draws.reduce((sum, draw) => sum + draw, 0) / draws.length).toBeCloseTo(0.5, 1);
  });
});

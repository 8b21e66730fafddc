import { siteOfLicenseId, offerOfLicenseId } from '../../src/domain/model/webex-id';
import type { RolloutBody } from '../support/caller';
import { Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

const given = 'UCPREM';

interface Row {
  personId: string;
  outcome: string;
  changes: { operation: string; target: { offer?: string }; reason: { rule: string } }[];
  kept: { code: string; rule: string; target: { licenseId?: string; offer?: string } }[];
}

interface Explained {
  licenses: { licenseId: string; offer: string; provenance: { kind: string; text: string } }[];
  shouldHold: { offer: string; held: boolean }[];
  ledger: { operation: string; target: string }[];
}

/** In one group: some are given a license by its template, one by hand, and one held another before. */
describe('what a template added and removes again', () => {
  let stage: Stage;
  let group: string;
  let members: string[];
  let byHand: string;
  let longHolder: string;
  let heldBefore: string;
  let license: string;

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 40, seed: 7 } });
    await asked('PATCH', 'settings', { compositionMode: 'union' });
    const groups = await asked<{ items: { groupId: string; isLocation: boolean }[] }>(
      'GET',
      'groups',
    );
    group = groups.body.items.find(({ isLocation }) => !isLocation)!.groupId;
    const { organization } = stage.world.simulator.simulator;
    const { catalog } = organization;
    for (let index = 0; !license; index += 1) {
      const listed = catalog.at(index);
      if (listed.offer === given) license = listed.id;
    }
    const { rows } = await stage.world.database.db.$client.query<{ id: string; first: string[] }>(
      `SELECT person_id AS id, first_licenses AS first FROM directory_user
       WHERE kind = 'person' AND gone_at IS NULL ORDER BY person_id`,
    );
    const plain = (id: string) =>
      siteOfLicenseId(id) === undefined && ['MS', 'CF'].includes(offerOfLicenseId(id) ?? '');
    const before = rows.find(({ first }) => first.some(plain))!;
    longHolder = before.id;
    heldBefore = before.first.find(plain)!;
    const others = rows.filter(({ id }) => id !== longHolder).map(({ id }) => id);
    byHand = others[0]!;
    members = [longHolder, ...others.slice(0, 5)];
    const nobodyElse = Array.from({ length: 40 }, (_, n) => organization.personId(n)).filter(
      (id) => !members.includes(id),
    );
    await stage.control('POST', `groups/${group}/members`, { add: members, remove: nobodyElse });
    await stage.control('PATCH', `people/${byHand}`, { addLicenses: [license] });
    await stage.control('PATCH', `people/${longHolder}`, { addLicenses: [heldBefore] });
  });
  beforeEach(() => give());
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  const asked: Stage['caller']['org'] = (...request) => stage.caller.org(...request);

  /** The group's template gives the license to all its members who lack it. */
  async function give(): Promise<void> {
    const templateId = await save([given]);
    const change = { kind: 'template', templateId };
    await stage.carryOut(await stage.caller.plan({ change, existingUsers: true, pilot: null }));
    expect(await holders()).toEqual(expect.arrayContaining(members));
    await stage.control('DELETE', 'writes');
  }

  async function save(offers: string[]): Promise<string> {
    const { body } = await asked<{ template: { templateId: string } }>(
      'PUT',
      `templates/groups/${group}`,
      { entitlements: [{ offer: 'FTC' }, ...offers.map((offer) => ({ offer }))] },
    );
    return body.template.templateId;
  }

  async function holders(): Promise<string[]> {
    const truth = [...(await stage.truth()).values()];
    return truth.filter(({ licenses }) => licenses.includes(license)).map((one) => one.personId);
  }

  async function explained(personId: string): Promise<Explained> {
    return (await asked<Explained>('GET', `users/${personId}`)).body;
  }

  /** The plan takes the license from all members but one, and says of the others why it stays. */
  async function expectWithdrawn(plan: RolloutBody, rule: string): Promise<void> {
    const path = `rollouts/${plan.rolloutId}/users?limit=1000`;
    const { items } = (await asked<{ items: Row[] }>('GET', path)).body;
    const losing = items.filter(({ changes }) => changes.length > 0);
    const recipients = members.filter((id) => id !== byHand).sort();
    expect(losing.map(({ personId }) => personId).sort()).toEqual(recipients);
    for (const { changes } of losing) {
      expect(changes).toMatchObject([{ operation: 'remove', target: { offer: given } }]);
      expect(changes[0]?.reason.rule).toBe(rule);
    }
    const keptBy = (id: string) => items.find(({ personId }) => personId === id)!.kept;
    expect(keptBy(byHand)).toContainEqual(
      expect.objectContaining({
        code: 'given-otherwise',
        rule: 'R31a',
        target: expect.objectContaining({ licenseId: license }) as object,
      }),
    );
    expect(keptBy(longHolder)).toContainEqual(
      expect.objectContaining({
        code: 'unknown-origin',
        target: expect.objectContaining({ licenseId: heldBefore }) as object,
      }),
    );

    await stage.carryOut(plan);
    expect(await holders()).toEqual([byHand]);
    expect((await stage.truth()).get(longHolder)!.licenses).toContain(heldBefore);
    expect(stage.writes.filter(({ isEffective }) => isEffective)).toHaveLength(recipients.length);
  }

  it('R31a tells of each user where what they hold comes from', async () => {
    const kindOf = async (personId: string, licenseId: string) =>
      (await explained(personId)).licenses.find((one) => one.licenseId === licenseId)?.provenance
        .kind;
    expect(await kindOf(members[2]!, license)).toBe('template');
    expect(await kindOf(byHand, license)).toBe('manual');
    expect(await kindOf(longHolder, heldBefore)).toBe('unknown');
  });

  it('R31 a service that is removed from a template is removed from the users it had licensed, and from no others', async () => {
    const templateId = await save([]);
    const plan = await stage.caller.plan({
      change: { kind: 'template', templateId, removedServices: { preserve: false } },
      pilot: null,
    });
    await expectWithdrawn(plan, 'R31');
    const { licenses, ledger } = await explained(members[2]!);
    expect(licenses.map(({ offer }) => offer)).not.toContain(given);
    expect(ledger[0]).toMatchObject({ operation: 'remove', target: license });
  });

  it('R30 a deletion that preserves nothing removes exactly what the template added', async () => {
    const templateId = await save([given]);
    const change = { kind: 'delete-template', templateId };
    const plan = await stage.caller.plan({ change, pilot: null });
    await expectWithdrawn(plan, 'R30');
    expect((await asked('GET', `templates/groups/${group}`)).status).toBe(404);
    // What the organization's template grants as well has stayed.
    expect((await explained(members[2]!)).shouldHold).toContainEqual(
      expect.objectContaining({ offer: 'FTC', held: true }),
    );
  });
});

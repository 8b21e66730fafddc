import { parse } from 'csv-parse/sync';
import { byteOrderMark, writeLine } from '../../src/domain/csv/write-line';
import type { RolloutBody } from '../support/caller';
import { countsOf, expectEachOnce, Stage } from '../support/stage';
import { closeRuntime } from '../support/world';

const user = 'User ID/Email (Required)';
const unified = 'Unified CM';
const calling = 'Call on Webex';

interface Imported {
  importId: string;
  users: number;
  staleUsers: number;
  remarks: { user: string; code: string }[];
  rolloutBodies: Record<'add' | 'addAndRemove', Record<string, unknown>>;
}

describe('a CSV on its way', () => {
  let stage: Stage;
  let site: string;
  let attendee: string;

  beforeAll(async () => {
    stage = await Stage.open({ simulator: { users: 40, seed: 7 } });
    const { body } = await stage.caller.org<{ items: { offer: string; site: string | null }[] }>(
      'GET',
      'licenses',
    );
    site = body.items.find(({ offer }) => offer === 'EE')!.site!;
    attendee = `Attendee (${site})`;
    await stage.caller.org('PATCH', 'settings', { attendeeSites: [site] });
  });
  beforeEach(() => stage.control('DELETE', 'writes'));
  afterAll(async () => {
    await stage.close();
    await closeRuntime();
  });

  /** The export with some cells changed, as a spreadsheet saves it. */
  async function edited(changes: Record<string, Record<string, string>>): Promise<string> {
    const { body } = await stage.caller.org<string>('GET', 'users.csv');
    const rows: Record<string, string>[] = parse(body, { bom: true, columns: true });
    const changed = rows.map((row) => ({ ...row, ...changes[row[user]!] }));
    const header = Object.keys(changed[0] ?? {});
    const lines = [header, ...changed.map((row) => header.map((name) => row[name] ?? ''))];
    return byteOrderMark + lines.map((cells) => writeLine(cells, ';')).join('');
  }

  async function upload(file: string): Promise<Imported> {
    const { body } = await stage.caller.org<{ orgId: string }>('GET', '');
    const response = await fetch(
      `${stage.world.apiUrl}/v1/organizations/${body.orgId}/csv-imports`,
      {
        method: 'POST',
        headers: { authorization: `Bearer ${stage.world.token}`, 'content-type': 'text/csv' },
        body: file,
      },
    );
    const text = await response.text();
    if (response.status !== 201) throw new Error(text);
    return JSON.parse(text) as Imported;
  }

  async function emails(): Promise<string[]> {
    const { body } = await stage.caller.org<string>('GET', 'users.csv');
    const rows: Record<string, string>[] = parse(body, { bom: true, columns: true });
    return rows.flatMap((row) => (row['User Status'] === 'Active' ? [row[user]!] : []));
  }

  /** `UCPREM`, `FTC`: whether each of these users holds an offer, by the file. */
  async function cellsOf(column: string, ...wanted: string[]): Promise<string[]> {
    const { body } = await stage.caller.org<string>('GET', 'users.csv');
    const rows: Record<string, string>[] = parse(body, { bom: true, columns: true });
    return wanted.map((email) => rows.find((row) => row[user] === email)![column]!);
  }

  const carryOut = async (planned: RolloutBody) => {
    await stage.caller.start(planned);
    const { rolloutId } = planned;
    const gate = await stage.caller.until(rolloutId, ({ phase }) =>
      ['awaiting-promotion', 'completed'].includes(phase),
    );
    if (gate.phase === 'awaiting-promotion') await stage.caller.act(rolloutId, 'promote');
    return stage.caller.until(rolloutId, ({ phase }) => phase === 'completed');
  };

  it('R71 R72 R76 R79 exports, plans, pilots, writes a wave and verifies, in both modes', async () => {
    const [ann, ben, cat] = (await emails()) as [string, string, string];
    const file = await edited({
      [ann]: { [unified]: 'TRUE' },
      [ben]: { [calling]: 'false' },
      [cat]: { [attendee]: 'True' },
    });
    const imported = await upload(file);
    expect(imported.staleUsers).toBe(0);

    const adding = await stage.caller.plan({
      ...imported.rolloutBodies.add,
      pilot: { users: [ann] },
    });
    expect(adding.summary).toMatchObject({ usersInScope: imported.users, planned: 2, removals: 0 });
    const added = await carryOut(adding);
    expect(countsOf(added)).toMatchObject({ converged: 2 });
    expectEachOnce(await stage.users(added.rolloutId), stage.writes);
    expect(await cellsOf(unified, ann, ben)).toEqual(['TRUE', 'FALSE']);
    expect(await cellsOf(attendee, ann, cat)).toEqual(['FALSE', 'TRUE']);
    expect(await cellsOf(calling, ben)).toEqual(['TRUE']);

    // Whom the first rollout changed has what the file asks for: nothing is refused, and nothing done.
    const both = await stage.caller.plan({ ...imported.rolloutBodies.addAndRemove, pilot: null });
    expect(both.summary).toMatchObject({ planned: 1, removals: 1 });
    await carryOut(both);
    expect(await cellsOf(calling, ann, ben, cat)).toEqual(['TRUE', 'FALSE', 'TRUE']);
  });

  it('R77 importing an unchanged export changes nobody', async () => {
    const imported = await upload(await edited({}));
    const planned = await stage.caller.plan({ ...imported.rolloutBodies.addAndRemove });
    expect(planned.summary).toMatchObject({ usersInScope: imported.users, planned: 0 });
    await carryOut(planned);
    expect(stage.writes).toEqual([]);
  });

  it('R77 users changed between import and planning are blocked by name, and the others are imported', async () => {
    const [, , , dan, eve] = (await emails()) as [string, string, string, string, string];
    const file = await edited({ [dan]: { [unified]: 'TRUE' }, [eve]: { [unified]: 'TRUE' } });
    const imported = await upload(file);
    const { licenses } = await stage.control<{ licenses: string[] }>('GET', `people/${dan}`);
    const { body } = await stage.caller.org<{ items: { offer: string; licenseId: string }[] }>(
      'GET',
      'licenses',
    );
    const calls = body.items.filter(({ offer }) => offer === 'FTC').map((one) => one.licenseId);
    expect(licenses).toEqual(expect.arrayContaining(calls));
    await stage.control('PATCH', `people/${dan}`, { removeLicenses: calls, immediate: true });

    const planned = await stage.caller.plan({ ...imported.rolloutBodies.add, pilot: null });
    expect(planned.summary).toMatchObject({ planned: 1, blocked: 1 });
    const rows = await stage.caller.org<{
      items: { email: string; blocked: { code: string; rule: string }[] }[];
    }>('GET', `rollouts/${planned.rolloutId}/users?outcome=blocked`);
    expect(rows.body.items).toMatchObject([
      { email: dan, blocked: [{ code: 'stale', rule: 'R77' }] },
    ]);
    await carryOut(planned);
    expect(await cellsOf(unified, dan, eve)).toEqual(['FALSE', 'TRUE']);

    const again = await upload(file);
    expect(again.remarks.filter(({ code }) => code === 'stale').map((one) => one.user)).toEqual(
      expect.arrayContaining([dan, eve]),
    );
    expect(again.staleUsers).toBe(2);
  });
});

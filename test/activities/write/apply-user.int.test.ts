import { ApplicationFailure } from '@temporalio/common';
import { applyUserActivities } from '../../../src/activities/write/apply-user';
import { createCredentialWatch } from '../../../src/activities/write/credential-watch';
import { putBackUserActivities } from '../../../src/activities/write/put-back-user';
import { createUnitsLeft } from '../../../src/activities/write/units-left';
import { createLogger } from '../../../src/logger';
import type { Change } from '../../../src/domain/model/change';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
  adds,
  addsAttendee,
  aScriptedWebex,
  asOrganization,
  broken,
  licenseId,
  personId,
  removes,
  type Asked,
  type Told,
} from '../../support/scripted-webex';
import { aRollout, rowOf, valueOf } from '../../support/seed';

const me = personId(1);
const attempts = 3;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

type Answer = Told | Error;

/** One user, whose holdings follow the writes that are done, and what is answered to each write. */
async function aUser(
  changes: Change[],
  held: string[],
  script: {
    /** The answer to the n-th write, from 1; without one it is done and answered truly. */
    write: (n: number, asked: Asked) => Answer | undefined;
    /** Units left by license id. */
    units?: Record<string, number>;
    /** Reads don't show the user. */
    isGone?: boolean;
    forbidsReads?: boolean;
    sites?: string[];
  },
) {
  const holds = new Set(held);
  const sites = new Set<string>();
  let writes = 0;
  const shown = () => ({
    personId: me,
    licenses: [...holds],
    siteUrls: [...sites].map((siteUrl) => ({ siteUrl, accountType: 'attendee' })),
  });
  const person = () => ({
    id: me,
    emails: ['ada@acme.example'],
    displayName: 'Ada',
    type: 'person',
    licenses: [...holds],
    siteUrls: [...sites].map((site) => `${site}#attendee`),
  });
  const scripted = aScriptedWebex((asked) => {
    if (asked.method === 'PATCH') {
      writes += 1;
      const answer = script.write(writes, asked);
      const isDone =
        answer === undefined || answer instanceof Error || (answer.status ?? 200) < 300;
      if (isDone) carryOut(asked.body as never);
      if (answer instanceof Error) throw answer;
      return answer ?? { body: shown() };
    }
    if (script.forbidsReads) return { status: 401 };
    if (asked.path === '/v1/licenses') {
      const items = Object.entries(script.units ?? {}).map(([id, left]) => ({
        id,
        name: id,
        subscriptionId: 'Sub-1',
        totalUnits: left,
        consumedUnits: 0,
      }));
      return { body: { items } };
    }
    if (asked.path === '/v1/people') {
      return { body: script.isGone ? { items: [], notFoundIds: [me] } : { items: [person()] } };
    }
    return asOrganization(asked) ?? { status: 404 };
  });
  function carryOut(body: {
    licenses?: { id: string; operation: string }[];
    siteUrls?: { siteUrl: string; operation: string }[];
  }): void {
    for (const { id, operation } of body.licenses ?? []) {
      if (operation === 'add') holds.add(id);
      else holds.delete(id);
    }
    for (const { siteUrl, operation } of body.siteUrls ?? []) {
      if (operation === 'add') sites.add(siteUrl);
      else sites.delete(siteUrl);
    }
  }
  const { orgId, rolloutId } = await aRollout(database.db, {
    users: [{ personId: me, changes, before: { licenses: held, attendeeSites: [] } }],
  });
  const { webex } = scripted;
  const base = {
    db: database.db,
    webex,
    orgId,
    logger: createLogger({ name: 'test', level: 'silent' }),
    userLabels: 'id' as const,
    readOnly: false,
    writesPerSecond: 100,
    limitQueue: () => Promise.resolve(),
    planExpiresInMs: 1_000,
    maxWriteAttempts: attempts,
    confirmAfterMs: 0,
  };
  const deps = {
    ...base,
    unitsLeft: createUnitsLeft(base),
    credentialWatch: createCredentialWatch(webex),
  };
  const user = { orgId, rolloutId, seq: 1 };
  const { applyUser } = applyUserActivities(deps);
  const { putBackUser } = putBackUserActivities(deps);
  // As Temporal does: again after each failure that may be tried again.
  const apply = () => untilDone(() => applyUser(user));
  const putBack = () => untilDone(() => putBackUser(user));
  return {
    orgId,
    rolloutId,
    holds,
    sites,
    scripted,
    row: () => rowOf(database.db, rolloutId, 1),
    hold: () =>
      valueOf<string | null>(database.db, 'SELECT hold FROM rollout WHERE rollout_id = $1', [
        rolloutId,
      ]),
    ledger: () =>
      valueOf<string[] | null>(
        database.db,
        `SELECT jsonb_agg(operation || ' ' || (change->'target'->>'offer') ORDER BY ledger_id)
         FROM ledger WHERE rollout_id = $1`,
        [rolloutId],
      ),
    apply,
    putBack,
    async run() {
      const result = await apply();
      return result.putBack ? await putBack() : result;
    },
  };
}

async function untilDone<T>(work: () => Promise<T>): Promise<T> {
  for (let n = 0; n < 40; n += 1) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApplicationFailure) || error.nonRetryable) throw error;
    }
  }
  throw new Error('it never ended');
}

const swap = [adds('MS'), removes('RTT')];
const held = [licenseId('RTT')];
const done = { outcome: 'applied', unanswered_call: null };

describe('R94 R97 one write that Webex answers with an error', () => {
  it.each<[string, Answer, string, string]>([
    ['404, and a read shows the user', { status: 404 }, 'failed', 'a read shows the user'],
    ['403', { status: 403 }, 'failed', '403'],
    ['423', { status: 423 }, 'failed', '423'],
    ['503 and nothing done', { status: 503 }, 'failed', 'A read does not show the change'],
    ['400', { status: 400 }, 'failed', '400'],
  ])(
    '%s: after its attempts the user failed, and nobody else waits',
    async (_, answer, outcome, text) => {
      const user = await aUser(swap, held, { write: () => answer });
      expect(await user.run()).toMatchObject({ result: outcome, halted: null });
      expect(await user.row()).toMatchObject({
        outcome,
        detail: expect.stringContaining(text) as string,
      });
      expect(await user.hold()).toBeNull();
      expect(await user.ledger()).toBeNull();
      const pace = 'SELECT count(*)::int FROM org_pace WHERE org_id = $1';
      expect(await valueOf(database.db, pace, [user.orgId])).toBe(0);
    },
  );

  it('R94 404 is gone only where a read says so', async () => {
    const user = await aUser(swap, held, { write: () => ({ status: 404 }), isGone: true });
    expect(await user.run()).toMatchObject({ result: 'gone' });
    expect(user.scripted.calls().filter((call) => call.startsWith('PATCH'))).toHaveLength(1);
  });

  it.each([404, 403, 423, 503])('%i once, and then nothing is wrong', async (status) => {
    const user = await aUser(swap, held, { write: (n) => (n === 1 ? { status } : undefined) });
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect(await user.row()).toMatchObject(done);
    expect(await user.ledger()).toEqual(['add MS', 'remove RTT']);
  });

  it('R97 halts where the credential can not read either', async () => {
    const user = await aUser(swap, held, { write: () => ({ status: 403 }), forbidsReads: true });
    expect(await user.run()).toMatchObject({ result: 'held' });
    expect(await user.hold()).toContain('403');
    expect(await user.row()).toMatchObject({ attempts: 0, intent_at: null });
  });
});

describe('a write that is done while its answer can not be used', () => {
  const elsewhere = { personId: personId(2), licenses: [] };
  it.each<[string, Answer]>([
    ['{}', { body: {} }],
    ['204', { body: '' }],
    ['HTML', { body: '<html>' }],
    ['cut', { body: '{"personId": "' }],
    ['of another person', { body: elsewhere }],
    ['without a person', { body: { licenses: [] } }],
    ['lost', broken('ECONNRESET')],
  ])('%s: is applied by what a read shows, with its ledger', async (_, answer) => {
    const user = await aUser(swap, held, { write: () => answer });
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect(await user.row()).toMatchObject({
      ...done,
      attempts,
      answered: { licenses: [licenseId('MS')] },
    });
    expect(await user.ledger()).toEqual(['add MS', 'remove RTT']);
  });
});

describe('R95 an addition that Webex refuses after the removal was done', () => {
  /** 206: the additions are left out, and everything else is done. */
  const half = (_: number, asked: Asked): undefined => {
    const body = asked.body as { licenses: { id: string; operation: string }[] };
    body.licenses = body.licenses.filter(({ operation, id }) => operation !== 'add' || id !== ms);
    return undefined;
  };
  const ms = licenseId('MS');

  it('costs the user nothing, and is a failure', async () => {
    const user = await aUser(swap, held, { write: half });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual(held);
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      put_back: null,
      detail: expect.stringContaining('What the call had removed was put back.') as string,
    });
    expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
  });

  it('is put back after the rollout was aborted between the two calls', async () => {
    const user = await aUser(swap, held, {
      write: (n, asked) => (n === 1 ? half(n, asked) : undefined),
    });
    expect(await user.apply()).toMatchObject({ result: 'planned', putBack: true });
    await database.db.$client.query(
      `UPDATE rollout SET phase = 'aborted', paused = true WHERE rollout_id = $1`,
      [user.rolloutId],
    );
    expect(await user.putBack()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual(held);
  });

  it('R46 makes the user first in line where others have taken the unit', async () => {
    const rtt = licenseId('RTT');
    const user = await aUser(swap, held, {
      units: { [rtt]: 0, [ms]: 5 },
      write: (n, asked) => (n === 1 ? half(n, asked) : { status: 400, body: { message: 'no' } }),
    });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      pending: 'unit',
      waiting: [{ operation: 'add', reason: { code: 'put-back' }, target: { licenseId: rtt } }],
      detail: expect.stringContaining('The user gets the next one.') as string,
    });
    expect(await user.hold()).toBeNull();
  });

  it('halts the rollout where putting back fails for another reason', async () => {
    const user = await aUser(swap, held, {
      units: { [licenseId('RTT')]: 5, [ms]: 5 },
      write: (n, asked) => (n === 1 ? half(n, asked) : { status: 400, body: { message: 'no' } }),
    });
    const result = await user.run();
    expect(result).toMatchObject({ result: 'failed', putBack: false });
    expect(await user.hold()).toContain('could not be undone');
    expect(await user.row()).toMatchObject({ put_back: [{ operation: 'add' }] });
  });

  it('R68 Calling is removed in a call of its own, last', async () => {
    const changes = [removes('BCSTD'), adds('MS'), removes('RTT')];
    const bodies: unknown[] = [];
    const user = await aUser(changes, [licenseId('BCSTD'), ...held], {
      write: (_, asked) => {
        bodies.push(asked.body);
        return undefined;
      },
    });
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect(bodies).toHaveLength(2);
    expect(bodies[1]).toMatchObject({
      licenses: [{ id: licenseId('BCSTD'), operation: 'remove' }],
    });
    expect([...user.holds]).toEqual([ms]);
    expect(await user.ledger()).toEqual(['add MS', 'remove RTT', 'remove BCSTD']);
  });

  it('R68 Calling stays where an addition was refused', async () => {
    const calling = licenseId('BCSTD');
    const user = await aUser([removes('BCSTD'), ...swap], [calling, ...held], { write: half });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect([...user.holds].sort()).toEqual([calling, ...held].sort());
    expect(await user.row()).toMatchObject({
      refused: expect.arrayContaining([
        expect.objectContaining({ operation: 'remove', target: removes('BCSTD').target }),
      ]) as unknown,
    });
  });

  it('R40 an attendee account that no answer shows is no host lost', async () => {
    const site = 'acme.webex.com';
    const host = licenseId('EE', site);
    const user = await aUser([removes('EE', site), addsAttendee(site)], [host], {
      write: (n) => (n === 1 ? { status: 206, body: { personId: me, licenses: [] } } : undefined),
    });
    await user.run();
    // Host again, or attendee: never neither.
    expect(user.holds.has(host) || user.sites.has(site)).toBe(true);
  });
});

describe('R98 a 429', () => {
  it.each(['0', '-1', 'Thu, 01 Jan 1970 00:00:00 GMT', 'soon', '60000', '9999999999'])(
    'with Retry-After %s makes the organization wait, with its reason, and fails nobody',
    async (retryAfter) => {
      const user = await aUser(swap, held, {
        write: () => ({ status: 429, headers: { 'retry-after': retryAfter } }),
      });
      await expect(user.run()).rejects.toThrow('it never ended');
      expect(await user.row()).toMatchObject({ outcome: 'planned', attempts: 0 });
      const wait = `SELECT jsonb_build_object('reason', wait_reason,
        'isShort', not_before <= clock_timestamp() + interval '15 minutes',
        'isAhead', not_before > clock_timestamp()) FROM org_pace WHERE org_id = $1`;
      expect(await valueOf(database.db, wait, [user.orgId])).toEqual({
        reason: expect.stringContaining('429') as string,
        isShort: true,
        isAhead: true,
      });
    },
  );
});

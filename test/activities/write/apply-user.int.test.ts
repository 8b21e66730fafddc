import { createTestDatabase, type TestDatabase } from '../../support/database';
import {
  adds,
  addsAttendee,
  broken,
  licenseId,
  personId,
  removes,
  removesAttendee,
  type Asked,
} from '../../support/scripted-webex';
import { repeatWriteActivities } from '../../../src/activities/write/repeat-write';
import { recordLateSuccesses } from '../../../src/activities/write/late-success';
import { takePermit } from '../../../src/db/write/permit';
import { recordWithoutUnits } from '../../../src/db/write/without-refused';
import { valueOf } from '../../support/seed';
import { attempts, aUser, type Answer } from '../../support/one-user';

const me = personId(1);
const ledgerTargets = `SELECT jsonb_agg(operation || ' ' || target ORDER BY ledger_id)
  FROM ledger WHERE rollout_id = $1`;

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ maxConnections: 5 });
});
afterAll(() => database.drop());

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
      const user = await aUser(database.db, swap, held, { write: () => answer });
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
    const user = await aUser(database.db, swap, held, {
      write: () => ({ status: 404 }),
      isGone: true,
    });
    expect(await user.run()).toMatchObject({ result: 'gone' });
    expect(user.scripted.calls().filter((call) => call.startsWith('PATCH'))).toHaveLength(1);
  });

  it.each([404, 400])(
    'R88 R94 %i is a failure where too many of the wave are gone',
    async (status) => {
      const user = await aUser(database.db, swap, held, {
        write: () => ({ status }),
        isGone: true,
      });
      await database.db.$client.query(
        `INSERT INTO rollout_row SELECT (jsonb_populate_record(u, jsonb_build_object('seq', n,
          'person_id', 'p' || n, 'outcome', 'gone', 'calls', 1))).*
        FROM rollout_row u, generate_series(2, 6) n WHERE u.rollout_id = $1`,
        [user.rolloutId],
      );
      expect(await user.run()).toMatchObject({ result: 'failed' });
      expect(await user.row()).toMatchObject({
        detail: expect.stringContaining(
          '6 of 6 users of the wave no longer exist, all of whom they showed before it. That is too many',
        ) as string,
      });
    },
  );

  it.each([404, 403, 423, 503])('%i once, and then nothing is wrong', async (status) => {
    const user = await aUser(database.db, swap, held, {
      write: (n) => (n === 1 ? { status } : undefined),
    });
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect(await user.row()).toMatchObject(done);
    expect(await user.ledger()).toEqual(['add MS', 'remove RTT']);
  });

  it('R31a 404, and somebody else has given the license: it is not ours', async () => {
    const user = await aUser(database.db, swap, held, {
      write(_n, _asked, { holds }) {
        holds.add(licenseId('MS'));
        return { status: 404 };
      },
    });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect(await user.ledger()).toBeNull();
    const owned = 'SELECT count(*)::int FROM provenance WHERE org_id = $1';
    expect(await valueOf(database.db, owned, [user.orgId])).toBe(0);
  });

  it('R97 halts where the credential can not read either', async () => {
    const user = await aUser(database.db, swap, held, {
      write: () => ({ status: 403 }),
      forbidsReads: true,
    });
    expect(await user.run()).toMatchObject({ result: 'held' });
    expect(await user.hold()).toContain('403');
    expect(await user.row()).toMatchObject({ attempts: 0, intent_at: null });
  });
});

describe('R40 a host license that Webex refuses beside an attendee account that no read shows', () => {
  const site = 'acme.webex.com';
  const host = licenseId('EE', site);

  it.each<[string, Answer]>([
    ['the whole call', { status: 400, body: { message: 'attendee' } }],
    ['a part of it', { status: 206 }],
  ])('becomes host with the account removed, where Webex refuses %s', async (_, answer) => {
    const isWhole = answer instanceof Error || answer.status === 400;
    const user = await aUser(database.db, [adds('EE', site), adds('MS')], [], {
      sites: [site],
      hidesSites: true,
      write(_n, asked) {
        const body = asked.body as { licenses: { id: string }[]; siteUrls?: unknown };
        if (body.siteUrls) return undefined;
        if (isWhole) return answer;
        body.licenses = body.licenses.filter(({ id }) => id !== host);
        return undefined;
      },
    });
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect([...user.holds].sort()).toEqual([host, licenseId('MS')].sort());
    expect([...user.sites]).toEqual([]);
    expect(((await user.ledger()) ?? []).sort()).toEqual(['add EE', 'add MS', null].sort());
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
    const user = await aUser(database.db, swap, held, { write: () => answer });
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect(await user.row()).toMatchObject({
      ...done,
      attempts,
      answered: { licenses: [licenseId('MS')] },
    });
    expect(await user.ledger()).toEqual(['add MS', 'remove RTT']);
  });
});

describe('R80a an answer without any license', () => {
  const [fss, rtt] = [licenseId('FSS'), licenseId('RTT')];

  it.each<[string, boolean, object, unknown]>([
    ['nothing was removed', false, { outcome: 'failed' }, null],
    ['the license was removed', true, { outcome: 'applied' }, ['remove RTT']],
  ])('is not believed while the user holds others: %s', async (_, isDone, row, ledger) => {
    const user = await aUser(database.db, [removes('RTT')], [fss, rtt], {
      write(_n, asked) {
        if (!isDone) (asked.body as { licenses: unknown[] }).licenses = [];
        return { body: { personId: me, licenses: [] } };
      },
    });
    await user.run();
    expect(await user.row()).toMatchObject(row);
    expect(await user.ledger()).toEqual(ledger);
    expect(user.holds.has(fss)).toBe(true);
  });

  it('is believed where the last license was removed', async () => {
    const user = await aUser(database.db, [removes('RTT')], [rtt], { write: () => undefined });
    expect(await user.run()).toMatchObject({ result: 'applied' });
    expect(await user.row()).toMatchObject({ attempts: 1 });
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
    const user = await aUser(database.db, swap, held, { write: half });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual(held);
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      put_back: null,
      detail: expect.stringContaining('What the call had removed was put back.') as string,
    });
    expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
  });

  it.each([400, 403, 423, 404])(
    'is put back at once where only a lost answer said so, and %i is the last one',
    async (status) => {
      const user = await aUser(database.db, swap, held, {
        write(n, asked) {
          // After 400 nothing is asked for again: the next call puts back.
          if (n > 1) return n <= (status === 400 ? 2 : attempts) ? { status } : undefined;
          half(n, asked);
          return broken('ECONNRESET');
        },
      });
      expect(await user.run()).toMatchObject({ result: 'failed' });
      expect([...user.holds]).toEqual(held);
      expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
      expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
    },
  );

  it.each([302, 400, 403, 404, 409, 423])(
    'is put back where %i says that nothing was done, and the removal was',
    async (status) => {
      const user = await aUser(database.db, swap, held, {
        write(_n, asked, { holds }) {
          const { licenses } = asked.body as { licenses: { operation: string }[] };
          if (licenses.every(({ operation }) => operation === 'add')) return undefined;
          for (const id of held) holds.delete(id);
          return { status };
        },
      });
      expect(await user.run()).toMatchObject({ result: 'failed' });
      expect([...user.holds]).toEqual(held);
      expect(await user.row()).toMatchObject({ outcome: 'failed', put_back: null });
      expect(await user.ledger()).toEqual(['remove RTT', 'add RTT']);
    },
  );

  it.each([400, 403, 404, 409, 423])(
    'is applied where %i says that nothing was done, and all of it was',
    async (status) => {
      const user = await aUser(database.db, swap, held, {
        write(_n, _asked, { holds }) {
          for (const id of held) holds.delete(id);
          holds.add(ms);
          return { status };
        },
      });
      expect(await user.run()).toMatchObject({ result: 'applied' });
      expect(await user.ledger()).toEqual(['add MS', 'remove RTT']);
    },
  );

  it('is found by a later read where the one after a 400 has no answer', async () => {
    const user = await aUser(database.db, swap, held, {
      write: (n) => (n === 1 ? { status: 400 } : undefined),
      forbidsReads: true,
    });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect((await user.row()).unanswered_call).not.toBeNull();
    const { rolloutId } = user;
    const shown = { personId: me, holdings: { licenses: [], attendeeSites: [] } } as never;
    await recordLateSuccesses(database.db, { rolloutId, waves: [1] }, [shown]);
    user.holds.clear();
    expect(await user.row()).toMatchObject({ outcome: 'planned', put_back: [{}] });
    expect(await user.putBack()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual(held);
  });

  it('is put back where an earlier call of the same user removed it', async () => {
    const site = 'acme.webex.com';
    const [host, rtt] = [licenseId('EE', site), licenseId('RTT')];
    const changes = [adds('EE', site), removes('RTT')];
    const user = await aUser(database.db, changes, [rtt], {
      sites: [site],
      hidesSites: true,
      units: { [host]: 5, [rtt]: 5 },
      write(n, asked) {
        const body = asked.body as { licenses: { id: string }[]; siteUrls?: unknown };
        // Nobody becomes host beside an attendee account; then Webex refuses it for good.
        if (n <= 2) body.licenses = body.licenses.filter(({ id }) => id !== host);
        return undefined;
      },
    });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect([...user.holds]).toEqual([rtt]);
    expect([...user.sites]).toEqual([site]);
  });

  it('is put back after the rollout was aborted between the two calls', async () => {
    const user = await aUser(database.db, swap, held, {
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
    const user = await aUser(database.db, swap, held, {
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
    const user = await aUser(database.db, swap, held, {
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
    const user = await aUser(database.db, changes, [licenseId('BCSTD'), ...held], {
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
    const user = await aUser(database.db, [removes('BCSTD'), ...swap], [calling, ...held], {
      write: half,
    });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect([...user.holds].sort()).toEqual([calling, ...held].sort());
    expect(await user.row()).toMatchObject({
      refused: expect.arrayContaining([
        expect.objectContaining({ operation: 'remove', target: removes('BCSTD').target }),
      ]) as unknown,
    });
  });

  it.each<[string, boolean]>([
    ['was removed', true],
    ['was not removed', false],
  ])(
    'R40 a host whose attendee account %s stays host where no read says so',
    async (_, isRemoved) => {
      const site = 'acme.webex.com';
      const host = licenseId('EE', site);
      const user = await aUser(database.db, [adds('EE', site), removesAttendee(site)], [], {
        sites: [site],
        hidesSites: true,
        write: (n, asked) => {
          if (n > attempts) return undefined;
          if (!isRemoved) delete (asked.body as { siteUrls?: unknown }).siteUrls;
          return { body: {} };
        },
      });
      expect(await user.run()).toMatchObject({ result: 'applied' });
      expect([...user.holds]).toEqual([host]);
      expect(await user.row()).toMatchObject({ outcome: 'applied', put_back: null, refused: null });
      const { repeatWrite } = repeatWriteActivities(user.deps);
      const { orgId, rolloutId } = user;
      await repeatWrite({ orgId, rolloutId, seq: 1 });
      expect([...user.sites]).toEqual([]);
      expect(await valueOf(database.db, ledgerTargets, [rolloutId])).toEqual([
        `add ${host}`,
        `remove attendee:${site}`,
      ]);
    },
  );

  it('R40 an attendee account that no answer shows is no host lost', async () => {
    const site = 'acme.webex.com';
    const host = licenseId('EE', site);
    const user = await aUser(database.db, [removes('EE', site), addsAttendee(site)], [host], {
      write: (n) => (n === 1 ? { status: 206, body: { personId: me, licenses: [] } } : undefined),
    });
    await user.run();
    // Host again, or attendee: never neither.
    expect(user.holds.has(host) || user.sites.has(site)).toBe(true);
  });
});

describe('a write of which nothing is left to ask for', () => {
  it.each([
    ['unit', 'waiting-for-seat'],
    ['host', 'host-pending'],
    [null, 'blocked'],
  ])('R46 waits for what is pending (%s), without a call', async (pending, outcome) => {
    const user = await aUser(database.db, [adds('MS')], [], { write: () => ({ status: 400 }) });
    // The activity ended after it had left out the change, before it recorded the outcome.
    await takePermit(database.db, user.rolloutId, 1);
    const left = { changes: [], waiting: [adds('MS')], pending: 'unit' as const };
    await recordWithoutUnits(database.db, { rolloutId: user.rolloutId, seq: 1 }, 1, left);
    await database.db.$client.query(`UPDATE rollout_user SET pending = $2 WHERE rollout_id = $1`, [
      user.rolloutId,
      pending,
    ]);
    expect(await user.run()).toMatchObject({ result: outcome });
    expect(await user.row()).toMatchObject({ outcome, pending, unanswered_call: null });
    expect(user.scripted.calls()).not.toContain('PATCH /v1/licenses/users');
  });
});

describe('R97 429 for one user for ever', () => {
  const told = { status: 429, headers: { 'retry-after': '0.001' } };
  const pace = `SELECT (state->>'currentPerSecond')::float8 FROM org_pace WHERE org_id = $1`;

  it('fails that user while others are written, and slows the organization down once', async () => {
    const user = await aUser(database.db, swap, held, {
      write(_n, _asked, { throttleWatch }) {
        for (const other of ['bob', 'eve', 'kim']) throttleWatch.worked(other);
        return told;
      },
    });
    expect(await user.run()).toMatchObject({ result: 'failed', halted: null });
    expect(await user.row()).toMatchObject({
      outcome: 'failed',
      attempts,
      unanswered_call: null,
      detail: expect.stringContaining('429') as string,
    });
    expect(await valueOf(database.db, pace, [user.orgId])).toBe(50);
  });

  it('R95 does not keep what is owed from being followed by a halt', async () => {
    const user = await aUser(database.db, swap, held, {
      write(n, asked, { throttleWatch }) {
        for (const other of ['bob', 'eve', 'kim']) throttleWatch.worked(other);
        if (n > 1) return told;
        const body = asked.body as { licenses: { operation: string }[] };
        body.licenses = body.licenses.filter(({ operation }) => operation !== 'add');
        return undefined;
      },
    });
    expect(await user.run()).toMatchObject({ result: 'failed' });
    expect(await user.hold()).toContain('could not be undone');
    expect(await user.row()).toMatchObject({ put_back: [{ operation: 'add' }] });
  });
});

describe('R98 a 429', () => {
  it.each(['0', '-1', 'Thu, 01 Jan 1970 00:00:00 GMT', 'soon', '60000', '9999999999'])(
    'with Retry-After %s makes the organization wait, with its reason, and fails nobody',
    async (retryAfter) => {
      const user = await aUser(database.db, swap, held, {
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

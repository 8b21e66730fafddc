import { randomUUID } from 'node:crypto';
import { sql } from 'drizzle-orm';
import type { Db } from '../../src/db/connect';
import { beginRead } from '../../src/db/directory/reads';
import { mirrorUsers } from '../../src/db/directory/mirror/mirror-people';
import {
  believedHoldings as believedHoldingsInSql,
  likePattern,
  textArray,
  textList,
} from '../../src/db/sql';
import {
  answerTrustMs,
  believedHoldings,
  type HoldingsSources,
} from '../../src/domain/write/believed-holdings';
import type { Holdings } from '../../src/domain/model/user';
import { createTestDatabase, type TestDatabase } from '../support/database';

let database: TestDatabase;
let db: Db;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
  db = database.db;
});
afterAll(() => database.drop());

/** Numbers from 0 to below `n`, the same ones in every run (mulberry32). */
function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * n);
  };
}

interface Story extends Omit<HoldingsSources, 'nowMs'> {
  personId: string;
}

/** Answers and reads that often agree, around the end of the 24 hours too. */
function stories(count: number, nowMs: number): Story[] {
  const roll = dice(80);
  const some = (texts: string[]) => texts.filter(() => roll(2) === 0).sort(() => roll(3) - 1);
  const sites = () => (roll(3) === 0 ? null : some(['a.example', 'b.example']));
  const holdings = (): Holdings => ({ licenses: some(['EE', 'MS']), attendeeSites: sites() });
  const minute = 60_000;
  return Array.from({ length: count }, (_, at) => {
    const answered = roll(4) === 0 ? null : holdings();
    const limit = nowMs - answerTrustMs;
    const answeredAtMs = [nowMs - minute, limit + minute, limit, limit - minute][roll(4)] ?? limit;
    return {
      personId: `p${at}`,
      read: holdings(),
      readAtMs: answeredAtMs + (roll(2) === 0 ? 1 : -1) * minute,
      answered,
      answeredAtMs: answered && answeredAtMs,
    };
  });
}

const sorted = ({ licenses, attendeeSites }: Holdings): Holdings => ({
  licenses: [...licenses].sort(),
  attendeeSites: attendeeSites && [...attendeeSites].sort(),
});

describe('R80a what users are believed to hold, in SQL and in the domain', () => {
  const count = 600;

  it('is the same over random answers and reads', async () => {
    const orgId = randomUUID();
    await db.transaction(async (tx) => {
      const nowMs = await transactionTimeMs(tx);
      const all = stories(count, nowMs);
      for (const story of all) await insert(tx, orgId, story);
      const { rows } = await tx.execute<{ id: string; holdings: Holdings }>(sql`
        SELECT u.person_id AS id, ${believedHoldingsInSql('u')} AS holdings FROM directory_user u
        WHERE u.org_id = ${orgId}`);
      const inSql = new Map(rows.map(({ id, holdings }) => [id, sorted(holdings)]));
      for (const story of all) {
        const { holdings } = believedHoldings({ ...story, nowMs });
        expect({ story, holdings: inSql.get(story.personId) }).toEqual({
          story,
          holdings: sorted(holdings),
        });
      }
    });
  });

  it('is deleted by the mirror if the domain calls the answer settled', async () => {
    const orgId = randomUUID();
    await db.transaction(async (tx) => {
      const nowMs = await transactionTimeMs(tx);
      const looked = await beginRead(tx, orgId);
      const all = stories(count, nowMs).filter(({ answered }) => answered !== null);
      for (const story of all) {
        await insert(tx, orgId, story);
        const { personId, read: holdings } = story;
        const person = { email: personId, displayName: personId, kind: 'person' } as const;
        const user = { personId, ...person, status: null, createdAt: null, holdings };
        await mirrorUsers(tx, orgId, [user], looked);
      }
      const { rows } = await tx.execute<{ id: string; forgotten: boolean }>(sql`
        SELECT person_id AS id, answered IS NULL AS forgotten FROM directory_user
        WHERE org_id = ${orgId}`);
      const inSql = new Map(rows.map(({ id, forgotten }) => [id, forgotten]));
      for (const story of all) {
        const { answerSettled } = believedHoldings({ ...story, readAtMs: nowMs, nowMs });
        expect({ story, settled: inSql.get(story.personId) }).toEqual({
          story,
          settled: answerSettled,
        });
      }
    });
  });
});

type Tx = Parameters<Parameters<Db['transaction']>[0]>[0];

/** `now()` stands still in a transaction; the domain is asked about the same instant. */
async function transactionTimeMs(tx: Tx): Promise<number> {
  const { rows } = await tx.execute<{ ms: string }>(
    sql`SELECT extract(epoch FROM now()) * 1000 AS ms`,
  );
  return Number(rows[0]?.ms);
}

async function insert(tx: Tx, orgId: string, story: Story): Promise<void> {
  const { personId, read, readAtMs, answered, answeredAtMs } = story;
  const at = (ms: number | null) => sql`to_timestamp(${ms}::numeric / 1000)`;
  const json = (value: unknown) => sql`${value === null ? null : JSON.stringify(value)}::jsonb`;
  await tx.execute(sql`
    INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses,
      attendee_sites, read_at, answered, answered_at)
    VALUES (${orgId}, ${personId}, ${personId}, ${personId}, 'person', ${json(read.licenses)},
      ${json(read.attendeeSites)}, ${at(readAtMs)}, ${json(answered)}, ${at(answeredAtMs)})`);
}

describe('lists and patterns', () => {
  const isIn = async (condition: ReturnType<typeof sql>) => {
    const { rows } = await db.execute<{ found: boolean }>(sql`SELECT ${condition} AS found`);
    return rows[0]?.found;
  };

  it.each([
    [['a', "b'c"], true],
    [['a'], false],
    [[], false],
  ])('find a text in %j: %s', async (texts, found) => {
    expect(await isIn(sql`${"b'c"}::text IN ${textList(texts)}`)).toBe(found);
    expect(await isIn(sql`${"b'c"}::text = ANY(${textArray(texts)})`)).toBe(found);
  });

  it.each([
    ['100%', 'now 100% sure', true],
    ['100%', 'now 1000 sure', false],
    ['a_b', 'a_b', true],
    ['a_b', 'axb', false],
    ['a\\b', 'a\\b', true],
  ])('the pattern of %s finds itself only: %s is %s', async (text, within, found) => {
    expect(await isIn(sql`${within}::text LIKE ${likePattern(text)}`)).toBe(found);
  });
});

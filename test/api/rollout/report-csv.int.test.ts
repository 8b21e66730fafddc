import { text as textOf } from 'node:stream/consumers';
import type { SQL } from 'drizzle-orm';
import fc from 'fast-check';
import { reportCsv } from '../../../src/api/rollout/report-csv';
import { listRolloutUsers, type RolloutUserRow } from '../../../src/db/rollout/rollout-users';
import { insertFeedback } from '../../../src/db/rollout/feedback';
import { writeCell } from '../../../src/domain/csv/cells';
import { writeLine } from '../../../src/domain/csv/write-line';
import { featureLabel } from '../../../src/domain/features/feature-label';
import { isNoticed } from '../../../src/domain/features/feature-totals';
import { rowFeatures } from '../../../src/domain/features/row-features';
import { changePhrase, targetLabel } from '../../../src/domain/licenses/change-label';
import type { Change } from '../../../src/domain/model/change';
import type { Note } from '../../../src/domain/model/note';
import { outcomes } from '../../../src/domain/model/outcome';
import { activationOf, outcomeLabel } from '../../../src/domain/rollout/activation';
import { licenseId, siteA } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';
import { aRollout } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** The line of one row, written by itself. */
function plainLine(row: RolloutUserRow, said: string): string {
  const effects = rowFeatures(row, {});
  const featuresOf = (kind: string) =>
    effects.flatMap((one) => (one.effect === kind ? [featureLabel(one)] : [])).join('; ');
  const labels = (operation: string) =>
    row.changes
      .flatMap((change) => (change.operation === operation ? [targetLabel(change.target)] : []))
      .join('; ');
  const phrases = (changes: readonly Change[]) => changes.map(changePhrase).join('; ');
  const notes = (list: readonly Note[]) =>
    list.map((note) => `${targetLabel(note.target)}: ${note.text}`).join('; ');
  const cells = [
    row.email,
    row.displayName,
    outcomeLabel(row.outcome, activationOf(row)),
    row.wave === null ? '' : row.wave === 0 ? 'pilot' : String(row.wave),
    labels('add'),
    labels('remove'),
    phrases(row.refused ?? []),
    phrases(row.waiting),
    notes(row.kept),
    notes(row.blocked),
    [...new Set(row.blocked.map(({ code }) => code))].join('; '),
    row.detail ?? '',
    String(row.attempts),
    row.writtenAt?.toISOString() ?? '',
    row.convergedAt?.toISOString() ?? '',
    row.trackingId ?? '',
    featuresOf('lost'),
    featuresOf('gained'),
    featuresOf('limited'),
    featuresOf('not-stated'),
    isNoticed(effects) ? 'yes' : '',
    said,
  ];
  return writeLine(cells.map(writeCell));
}

const offers = ['FMS', 'MS', 'FTC', 'BCSTD', `EE@${siteA}`];
const target = fc.constantFrom(
  ...offers.map((spec) => {
    const [offer = '', site = null] = spec.split('@');
    return { kind: 'license' as const, licenseId: licenseId(spec), offer, site };
  }),
  { kind: 'attendee' as const, site: siteA },
);
const words = fc.constantFrom(
  '',
  'granted',
  '=1+1',
  'says "no"; why\r\nnot, Große',
  '- x',
  '\u2028',
);
const changes = fc.array(
  fc.record({
    operation: fc.constantFrom('add', 'remove'),
    target,
    reason: fc.record({ code: fc.constant('granted'), text: words, rule: fc.constant('R1') }),
    replacement: fc.boolean(),
  }),
  { maxLength: 3 },
);
const notes = fc.array(
  fc.record({ target, text: words, code: fc.constantFrom('required', 'irreversible', 'no-unit') }),
  { maxLength: 3 },
);
const held = fc.record({
  licenses: fc.subarray(offers.map(licenseId)),
  attendeeSites: fc.subarray([siteA]),
});
const content = fc.record({
  before: held,
  changes,
  refused: fc.option(changes, { nil: null }),
  waiting: changes,
  kept: notes,
  blocked: notes,
});
const moment = fc.option(fc.constantFrom('2026-01-02T03:04:05.678912Z', '2020-02-29T00:00:00Z'), {
  nil: null,
});
const rows = fc.array(content, { minLength: 1, maxLength: 3 }).chain((kinds) =>
  fc.array(
    fc.record({
      content: fc.oneof(fc.constantFrom(...kinds), content),
      outcome: fc.constantFrom(...outcomes),
      wave: fc.option(fc.integer({ min: 0, max: 120 }), { nil: null }),
      detail: fc.option(words, { nil: null }),
      attempts: fc.integer({ min: 0, max: 9 }),
      writtenAt: moment,
      convergedAt: moment,
      trackingId: fc.option(words, { nil: null }),
      displayName: words,
    }),
    { minLength: 1, maxLength: 25 },
  ),
);

type Row = (typeof rows extends fc.Arbitrary<infer T> ? T : never)[number];

/** A rollout with these rows; every third user has not signed in yet, and the last one has said something. */
async function stored(list: readonly Row[]) {
  const { db } = database;
  const story = new MirrorStory(db);
  const { orgId } = story;
  const persons = list.map((_, at) => ({ personId: `person-${at + 1}` }));
  await story.users(longAgo, [], ...persons.map(({ personId }) => personId));
  await db.$client.query(
    `UPDATE mirror_user SET invite_pending = true WHERE right(person_id, 1) IN ('3', '6', '9')`,
  );
  const { rolloutId } = await aRollout(db, { orgId, users: persons });
  const contents = [...new Set(list.map(({ content: one }) => one))];
  await db.$client.query('DELETE FROM rollout_content WHERE rollout_id = $1', [rolloutId]);
  await db.$client.query(
    `INSERT INTO rollout_content (rollout_id, content, before, changes, kept, blocked, waiting, expected)
     SELECT $1, n, c->'before', c->'changes', c->'kept', c->'blocked', c->'waiting', c->'before'
     FROM jsonb_array_elements($2::jsonb) WITH ORDINALITY AS e(c, n)`,
    [rolloutId, JSON.stringify(contents)],
  );
  const stories = list.map((row, at) => ({
    ...row,
    seq: at + 1,
    // Every second user has everything of their own: it wins over any content that the row names.
    no: at % 2 === 0 ? contents.indexOf(row.content) + 1 : 1,
    own: at % 2 === 0 ? {} : row.content,
  }));
  await db.$client.query(
    `UPDATE rollout_row u SET content = r.no, own_before = r.own->'before',
       own_changes = r.own->'changes', own_kept = r.own->'kept', own_blocked = r.own->'blocked',
       own_waiting = r.own->'waiting', own_expected = r.own->'before',
       refused = nullif(r.content->'refused', 'null'), outcome = r.outcome, wave = r.wave,
       detail = r.detail, attempts = r.attempts, written_at = r."writtenAt",
       converged_at = r."convergedAt", tracking_id = r."trackingId", display_name = r."displayName"
     FROM jsonb_to_recordset($2::jsonb) AS r(seq int, no int, own jsonb, content jsonb, outcome text,
       wave smallint, detail text, attempts smallint, "writtenAt" timestamptz,
       "convergedAt" timestamptz, "trackingId" text, "displayName" text)
     WHERE u.rollout_id = $1 AND u.seq = r.seq`,
    [rolloutId, JSON.stringify(stories)],
  );
  const said = {
    orgId,
    rolloutId,
    recordedBy: 'tester',
    verdict: 'bad' as const,
    text: 'slow; "very"',
  };
  const { personId = null } = persons.at(-1) ?? {};
  await insertFeedback(db, { ...said, personId });
  await insertFeedback(db, { ...said, personId: null });
  return { rolloutId, personId };
}

describe('the report of a rollout', () => {
  it('has the line that each row would have alone, whatever it shares with others', async () => {
    const { db } = database;
    const property = fc.asyncProperty(rows, async (list) => {
      const { rolloutId, personId } = await stored(list);
      const all = { rolloutId, outcomes: null, wave: null, changed: null, text: null };
      const users = await listRolloutUsers(db, { ...all, afterSeq: 0, limit: 1_000 });
      expect(users).toHaveLength(list.length);
      const said = 'bad: slow; "very"';
      const lines = users.map((row) => plainLine(row, row.personId === personId ? said : ''));
      const file = await textOf(reportCsv({ db, rolloutId, callingOffers: {} }));
      const [, ...body] = file.split(/(?<=\r\n)(?=\S+@|,)/);
      expect(body.join('')).toBe([...lines, `${','.repeat(21)}"bad: slow; ""very"""\r\n`].join(''));
    });
    await fc.assert(property, { numRuns: 25, endOnFailure: true });
  });

  it('is of the plan that stands where the rollout is planned again between two statements', async () => {
    const { db } = database;
    const plain = { changes: [], refused: null, waiting: [], kept: [], blocked: [] };
    const before = { licenses: [], attendeeSites: [] };
    const row = {
      outcome: 'planned',
      wave: 1,
      detail: null,
      attempts: 0,
      writtenAt: null,
    } as const;
    const shared = { ...row, convergedAt: null, trackingId: null, displayName: 'granted' } as const;
    const { rolloutId } = await stored([{ ...shared, content: { ...plain, before } }]);
    const added = [{ operation: 'add', target: { kind: 'attendee', site: siteA } }];
    let isPlannedAgain = false;
    const planAgain = async () => {
      isPlannedAgain = true;
      await db.$client.query(`UPDATE rollout SET digest = 'second' WHERE rollout_id = $1`, [
        rolloutId,
      ]);
      await db.$client.query('UPDATE rollout_content SET changes = $2 WHERE rollout_id = $1', [
        rolloutId,
        JSON.stringify(added),
      ]);
    };
    const execute = jest
      .spyOn(db, 'execute')
      .mockImplementationOnce(((statement: SQL) =>
        planAgain().then(() => db.execute(statement))) as unknown as typeof db.execute);
    const file = await textOf(reportCsv({ db, rolloutId, callingOffers: {} }));
    execute.mockRestore();
    expect(isPlannedAgain).toBe(true);
    expect(file).toContain(`attendee on ${siteA}`);
  });
});

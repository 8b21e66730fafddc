import { takePermit } from '../../../src/db/write/permit';
import { takePutBack } from '../../../src/db/write/put-back';
import { recordOutcome } from '../../../src/db/write/record-outcome';
import { type OutcomeRecord } from '../../../src/db/write/record-outcome';
import type { Change, ReasonCode } from '../../../src/domain/model/change';
import type { TemplateRef } from '../../../src/domain/model/template';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { aRollout, valueOf, type SeededRollout } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const site = 'acme.webex.com';
const sales: TemplateRef = { templateId: '1', revision: 3, name: 'Sales' };
const support: TemplateRef = { templateId: '2', revision: 7, name: 'Support' };

interface ChangeSpec {
  /** `+MS`, `-attendee`. */
  what: string;
  code?: ReasonCode;
  templates?: TemplateRef[];
}

function change({ what, code = 'granted', templates = [sales] }: ChangeSpec): Change {
  const name = what.slice(1);
  return {
    operation: what.startsWith('+') ? 'add' : 'remove',
    target:
      name === 'attendee'
        ? { kind: 'attendee', site }
        : { kind: 'license', licenseId: name, offer: name, site: null },
    reason: { code, text: code, rule: 'R31a', templates },
    replacement: false,
  };
}

/** Ada's row of a rollout of its own is written with these changes, all of them done. */
async function written(
  orgId: string | null,
  specs: ChangeSpec[],
  record: Partial<OutcomeRecord> = {},
): Promise<SeededRollout> {
  const changes = specs.map(change);
  const story = await aRollout(database.db, {
    ...(orgId === null ? {} : { orgId }),
    phase: 'verifying',
    users: [{ personId: 'ada', changes }],
  });
  const move = 'UPDATE rollout SET phase = $2 WHERE rollout_id = $1';
  await database.db.$client.query(move, [story.rolloutId, 'rolling-out']);
  await takePermit(database.db, story.rolloutId, 1);
  await recordOutcome(database.db, outcome(story.rolloutId, changes, record));
  await database.db.$client.query(move, [story.rolloutId, 'completed']);
  return story;
}

function outcome(rolloutId: string, done: Change[], record: Partial<OutcomeRecord>): OutcomeRecord {
  return {
    rolloutId,
    seq: 1,
    call: 1,
    outcome: 'applied',
    answered: { licenses: [], attendeeSites: [] },
    done,
    refused: [],
    detail: null,
    trackingId: null,
    putBack: null,
    actor: 'rollout',
    ...record,
  };
}

/** `template 1 r3`, `manual`, with ` ended` where it was taken; null: nothing is known. */
async function originOf(orgId: string, target: string): Promise<string | null> {
  const found = await valueOf<string | undefined>(
    database.db,
    `SELECT concat_ws(' ', kind, template_id, 'r' || revision,
       CASE WHEN ended_at IS NOT NULL THEN 'ended' END)
     FROM provenance WHERE org_id = $1 AND person_id = 'ada' AND target = $2`,
    [orgId, target],
  );
  return found ?? null;
}

describe('the provenance that the outcome of a write records', () => {
  it('R31a a template owns what it gave, and what that needed', async () => {
    const { orgId } = await written(null, [
      { what: '+MS' },
      { what: '+FMS', code: 'required' },
      { what: '+attendee' },
    ]);
    expect(await originOf(orgId, 'MS')).toBe('template 1 r3');
    expect(await originOf(orgId, 'FMS')).toBe('template 1 r3');
    expect(await originOf(orgId, `attendee:${site}`)).toBe('template 1 r3');
  });

  it('R31a what a file asked for counts as manual', async () => {
    const { orgId } = await written(null, [{ what: '+MS', code: 'csv', templates: [] }]);
    expect(await originOf(orgId, 'MS')).toBe('manual');
  });

  it('R31a of several templates the one that is rolled out owns it, else the first', async () => {
    const both = [{ what: '+MS', templates: [sales, support] }];
    const { orgId } = await written(null, both);
    expect(await originOf(orgId, 'MS')).toBe('template 1 r3');

    const own: TemplateRef = { ...support, templateId: '00000000-0000-4000-8000-00000000000a' };
    const changes = [change({ what: '+MS', templates: [sales, own] })];
    const story = await aRollout(database.db, { users: [{ personId: 'ada', changes }] });
    await database.db.$client.query('UPDATE rollout SET template_id = $2 WHERE rollout_id = $1', [
      story.rolloutId,
      own.templateId,
    ]);
    await takePermit(database.db, story.rolloutId, 1);
    await recordOutcome(database.db, outcome(story.rolloutId, changes, {}));
    expect(await originOf(story.orgId, 'MS')).toBe(`template ${own.templateId} r7`);
  });

  it('R31a what Webex refused has no owner', async () => {
    const refused = [change({ what: '+MS' })];
    const { orgId } = await written(null, [{ what: '+MS' }], { done: [], refused });
    expect(await originOf(orgId, 'MS')).toBeNull();
  });

  it('R31a ends with the removal, and begins again with the next template that grants it', async () => {
    const { orgId } = await written(null, [{ what: '+MS' }]);
    await written(orgId, [{ what: '-MS', code: 'not-granted' }]);
    expect(await originOf(orgId, 'MS')).toBe('template 1 r3 ended');
    await written(orgId, [{ what: '+MS', templates: [support] }]);
    expect(await originOf(orgId, 'MS')).toBe('template 2 r7');
  });

  it('R81 R31a a restoration returns it to its owner', async () => {
    const { orgId } = await written(null, [{ what: '+MS' }]);
    await written(orgId, [{ what: '-MS', code: 'service-off', templates: [] }]);
    await written(orgId, [{ what: '+MS', code: 'restored', templates: [] }]);
    expect(await originOf(orgId, 'MS')).toBe('template 1 r3');
  });

  it('R81 R31a a restoration of what nobody here had given makes nobody its owner', async () => {
    const { orgId } = await written(null, [{ what: '-MS', code: 'service-off', templates: [] }]);
    await written(orgId, [{ what: '+MS', code: 'restored', templates: [] }]);
    expect(await originOf(orgId, 'MS')).toBeNull();
  });

  it('R40 R31a what is put back belongs to whom it belonged to before', async () => {
    const { orgId } = await written(null, [{ what: '+attendee', templates: [support] }]);
    const removal = change({ what: '-attendee', code: 'replaced' });
    const host = change({ what: '+EE' });
    const putBack = change({ what: '+attendee', code: 'put-back' });
    const story = await aRollout(database.db, {
      orgId,
      users: [{ personId: 'ada', changes: [removal, host] }],
    });
    const { rolloutId } = story;
    const half: Partial<OutcomeRecord> = {
      outcome: 'planned',
      refused: [host],
      putBack: [putBack],
    };
    await takePermit(database.db, rolloutId, 1);
    await recordOutcome(database.db, outcome(rolloutId, [removal], half));
    expect(await originOf(orgId, `attendee:${site}`)).toBe('template 2 r7 ended');
    await takePutBack(database.db, rolloutId, 1);
    const end = { call: 2, outcome: 'partial' } as const;
    await recordOutcome(database.db, outcome(rolloutId, [putBack], end));
    expect(await originOf(orgId, `attendee:${site}`)).toBe('template 2 r7');
    expect(await originOf(orgId, 'EE')).toBeNull();
  });

  it('R40 R31a what was added and put back has no owner', async () => {
    const story = await aRollout(database.db, {
      users: [{ personId: 'ada', changes: [change({ what: '+EE' })] }],
    });
    const given = change({ what: '+EE' });
    const back = change({ what: '-EE', code: 'put-back' });
    await takePermit(database.db, story.rolloutId, 1);
    await recordOutcome(
      database.db,
      outcome(story.rolloutId, [given], { outcome: 'planned', putBack: [back] }),
    );
    await takePutBack(database.db, story.rolloutId, 1);
    const end = { call: 2, outcome: 'partial' } as const;
    await recordOutcome(database.db, outcome(story.rolloutId, [back], end));
    expect(await originOf(story.orgId, 'EE')).toBe('template 1 r3 ended');
  });

  it('R31a recording twice changes nothing', async () => {
    const { orgId, rolloutId } = await written(null, [{ what: '+MS' }]);
    const late = [change({ what: '-MS', code: 'not-granted' })];
    await recordOutcome(database.db, outcome(rolloutId, late, {}));
    expect(await originOf(orgId, 'MS')).toBe('template 1 r3');
  });
});

import { MockActivityEnvironment } from '@temporalio/testing';
import type { ActivityDeps } from '../../../src/activities';
import type { StoredPlan } from '../../../src/contract/activities';
import { planRolloutActivities } from '../../../src/activities/plan/plan-rollout';
import { insertRollout } from '../../../src/db/rollout/rollouts';
import { saveRevision } from '../../../src/db/templates/templates';
import { completeRequest, type PartialRequest } from '../../../src/domain/kinds/complete-request';
import { aLicense } from '../../domain/builders';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { longAgo, MirrorStory } from '../../support/mirror-story';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

/** Ids that a digest depends on. */
const id = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`;
const people = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, i) => `p${String(from + i).padStart(4, '0')}`);

/** 1,200 users who hold one of four things; some are in `sales`, some in `both`, who wait for units. */
async function anOrganization() {
  const { db } = database;
  const story = new MirrorStory(db);
  await story.organization();
  await story.licenses(
    ...['FMS', 'FTM', 'FTC', 'FSS'].map((offer) => aLicense(offer)),
    ...['MS', 'CJPSTD'].map((offer) => aLicense(offer, { total: 500, used: 350 })),
    aLicense('RTT', { total: 100, used: 20 }),
    aLicense('RTT#2', { total: 200 }),
    aLicense('EE@a.webex.com', { total: 50 }),
    aLicense('BCSTD', { total: 300 }),
  );
  await story.users(longAgo, ['FMS', 'FTM'], ...people(1, 500));
  await story.users(longAgo, ['FMS', 'MS', 'CJPSTD'], ...people(501, 800));
  await story.users(longAgo, ['FMS', 'MS', 'RTT'], ...people(801, 1_100));
  await story.users(longAgo, [], ...people(1_101, 1_200));
  await story.groups({ sales: people(400, 600), both: people(550, 700) });
  await story.settings({
    compositionMode: 'union',
    attendeeSites: ['a.webex.com'],
    siteAdministrators: [{ site: 'a.webex.com', users: ['p0560@example.com'] }],
  });
  await db.$client.query(
    `UPDATE mirror_user SET display_name = E'Zoë "Quote" \\\\ \\t of ' || person_id
     WHERE person_id LIKE '%5'`,
  );
  const save = (n: number, groupId: string | null, entitlements: object[]) =>
    saveRevision(db, {
      orgId: story.orgId,
      scope: groupId === null ? { kind: 'organization' } : { kind: 'group', groupId },
      existing: null,
      newTemplateId: id(n),
      name: groupId ?? 'everybody',
      entitlements: entitlements as { offer: string }[],
      draft: false,
      actor: 'tester',
      now: new Date('2026-01-01T00:00:00Z'),
    });
  await save(1, null, [{ offer: 'FMS' }, { offer: 'MS' }, { offer: 'RTT' }]);
  await save(2, 'sales', [
    { offer: 'EE', site: 'a.webex.com', accountType: 'host' },
    { offer: 'EE', site: 'a.webex.com', accountType: 'attendee' },
  ]);
  await save(3, 'both', [{ offer: 'EE', site: 'a.webex.com', accountType: 'attendee' }]);
  return story;
}

let rollouts = 10;
async function digestOf(story: MirrorStory, request: PartialRequest) {
  const { db, orgId } = story;
  const rolloutId = crypto.randomUUID();
  await insertRollout(db, {
    orgId,
    rolloutId,
    request: completeRequest({ existingUsers: true, ...request }),
    title: `story ${(rollouts += 1)}`,
    templateId: null,
    phase: 'planning',
    createdBy: 'tester',
    workflowId: 'none',
  });
  const deps = { db, writesPerSecond: 1, planExpiresInMs: 60_000 } as unknown as ActivityDeps;
  const { planRollout } = planRolloutActivities(deps);
  const ran: unknown = await new MockActivityEnvironment().run(planRollout, { orgId, rolloutId });
  const plan = ran as StoredPlan;
  return `${JSON.stringify(plan.counts)} ${plan.digest}`;
}

const template = (n: number) => ({ kind: 'template', templateId: id(n), revision: 1 }) as const;

describe('the digest of a plan', () => {
  it('is the one that 0.1.0 computed of the same users', async () => {
    const story = await anOrganization();
    const digests = {
      organization: await digestOf(story, { change: template(1), preserveLicenses: true }),
      exact: await digestOf(story, {
        change: template(1),
        preserveLicenses: false,
        pilot: null,
        waves: [{ size: { percent: 30 } }, { size: { count: 100 } }],
      }),
      sales: await digestOf(story, {
        change: template(2),
        pilot: { users: ['p0560'], groups: ['both'], sample: { count: 3 } },
        except: { users: ['p0444'], groups: [], offers: ['FTM'] },
      }),
      services: await digestOf(story, {
        change: { kind: 'remove-services', services: ['messaging'], from: { groups: ['both'] } },
      }),
      swap: await digestOf(story, {
        change: {
          kind: 'preview',
          scope: { kind: 'organization' },
          name: 'swapped',
          entitlements: [{ offer: 'FMS' }, { offer: 'CJPSTD' }],
        },
        preserveLicenses: false,
      }),
    };
    expect(digests).toEqual({
      organization:
        '{"planned":915,"waiting-for-seat":285} 34983305bc5de401b0c8cc67cead072cf83b093da5d7dca338dfcf9911875422',
      exact:
        '{"planned":915,"waiting-for-seat":285} cf05c5a197d0f521aa800e3292a26c68984de9840caa78b73ea4b05705f1c038',
      sales:
        '{"excluded":1,"planned":200} 195154c10cb6ffb59f84beff2184a80a5cae18da36752584f5b1cc26e83082f7',
      services: '{"planned":151} 79392a906e55ee93172de17dfdb61f621270c485e9265ec8625589a01e9f172e',
      swap: '{"planned":864,"waiting-for-seat":336} 41b0cc8d6028ac70dbdb91120db7bacf8b28a3d3c979a0adf87b5ce60aa91196',
    });
  });
});

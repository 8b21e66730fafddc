import { randomUUID } from 'node:crypto';
import type { CandidateReach } from '../../../src/db/plan/reach-sql';
import { readCandidates, type CandidateQuery } from '../../../src/db/plan/read-candidates';
import type { Candidate } from '../../../src/domain/kinds/candidate';
import type { Change } from '../../../src/domain/model/change';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { addLicense, aRollout, removeLicense } from '../../support/seed';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ writableMirror: true });
});
afterAll(() => database.drop());

const run = (query: string, values: unknown[]) => database.db.$client.query(query, values);

/** Ada, Bob and Cy, who hold FMS; Ada and Bob are in `sales`. */
async function anOrganization(): Promise<string> {
  const orgId = randomUUID();
  await run(
    `INSERT INTO directory_user (org_id, person_id, email, display_name, kind, licenses, first_licenses, read_at)
     SELECT $1, p, p, p, 'person', '["FMS"]', '["FMS"]', now() FROM unnest(ARRAY['ada', 'bob', 'cy']) p`,
    [orgId],
  );
  await run(
    `INSERT INTO directory_member (org_id, group_id, member_id, type)
     SELECT $1, 'sales', p, 'user' FROM unnest(ARRAY['ada', 'bob']) p`,
    [orgId],
  );
  return orgId;
}

async function read(
  orgId: string,
  reach: CandidateReach,
  more: Partial<CandidateQuery> = {},
): Promise<Candidate[]> {
  const all: Candidate[] = [];
  const scope = {
    orgId,
    groups: [],
    reach,
    pilotUsers: [],
    pilotGroups: [],
    withProvenance: false,
    withCalling: false,
    ...more,
  };
  for await (const page of readCandidates(database.db, scope)) all.push(...page);
  return all;
}

const ids = (candidates: Candidate[]) => candidates.map(({ personId }) => personId);

function give(orgId: string, personId: string, templateId: string, ended = false) {
  return run(
    `INSERT INTO provenance (org_id, person_id, target, kind, template_id, revision, rollout_id, ended_at)
     VALUES ($1, $2, 'FMS', 'template', $3, 4, gen_random_uuid(), CASE WHEN $4 THEN now() END)`,
    [orgId, personId, templateId, ended],
  );
}

function react(
  orgId: string,
  personId: string,
  mode: string,
  causes: unknown[],
  rolloutId: string,
) {
  return run(
    'INSERT INTO reaction (org_id, person_id, mode, causes, rollout_id) VALUES ($1, $2, $3, $4, $5)',
    [orgId, personId, mode, JSON.stringify(causes), rolloutId],
  );
}

describe('whom each reach finds', () => {
  it('R17 everybody, the members of groups, and named users', async () => {
    const orgId = await anOrganization();
    expect(ids(await read(orgId, { kind: 'everybody' }))).toEqual(['ada', 'bob', 'cy']);
    expect(ids(await read(orgId, { kind: 'nobody' }))).toEqual([]);
    const members = { kind: 'members', groupIds: ['sales'], orGivenBy: null } as const;
    const groups = [{ groupId: 'sales', memberGroupIds: ['sales'] }];
    expect(ids(await read(orgId, members, { groups }))).toEqual(['ada', 'bob']);
    expect(ids(await read(orgId, { kind: 'users', users: ['cy', 'nobody'] }))).toEqual(['cy']);
  });

  it('R39 with all addresses of a user who has several', async () => {
    const orgId = await anOrganization();
    await run(
      `UPDATE directory_user SET addresses = CASE person_id
         WHEN 'ada' THEN '["ada", "ada@old"]'::jsonb ELSE '["bob"]' END
       WHERE org_id = $1 AND person_id <> 'cy'`,
      [orgId],
    );
    const found = await read(orgId, { kind: 'everybody' });
    expect(found.map(({ addresses }) => addresses)).toEqual([
      ['ada', 'ada@old'],
      undefined,
      undefined,
    ]);
  });

  it('R52 nobody who has left, and nobody of another organization', async () => {
    const orgId = await anOrganization();
    await anOrganization();
    await run(`UPDATE directory_user SET gone_at = now() WHERE org_id = $1 AND person_id = 'bob'`, [
      orgId,
    ]);
    expect(ids(await read(orgId, { kind: 'everybody' }))).toEqual(['ada', 'cy']);
  });

  it('R30 R31 those whom a template gave something that nobody has taken since', async () => {
    const orgId = await anOrganization();
    await give(orgId, 'cy', 'mine');
    await give(orgId, 'bob', 'mine', true);
    await give(orgId, 'ada', 'another');
    expect(ids(await read(orgId, { kind: 'members', groupIds: [], orGivenBy: 'mine' }))).toEqual([
      'cy',
    ]);
    const orMembers = { kind: 'members', groupIds: ['none'], orGivenBy: 'mine' } as const;
    expect(ids(await read(orgId, orMembers))).toEqual(['cy']);
  });

  it('R71 the rows of a file, with what they ask for', async () => {
    const orgId = await anOrganization();
    const importId = randomUUID();
    const wish = { line: 3, cells: [] };
    await run(
      `INSERT INTO csv_row (org_id, import_id, person_id, line, wish) VALUES ($1, $2, 'bob', 3, $3)`,
      [orgId, importId, JSON.stringify(wish)],
    );
    const found = await read(orgId, { kind: 'csv', importId });
    expect(found).toMatchObject([{ personId: 'bob', from: 'csv', wish }]);
    expect(await read(orgId, { kind: 'csv', importId: randomUUID() })).toEqual([]);
  });

  it('R14 what the watch found for this rollout, and for no other', async () => {
    const orgId = await anOrganization();
    const rolloutId = randomUUID();
    const causes = [{ kind: 'joined', groupId: 'sales' }];
    await react(orgId, 'ada', 'exact', causes, rolloutId);
    await react(orgId, 'bob', 'add', causes, randomUUID());
    const found = await read(orgId, { kind: 'reconcile', rolloutId });
    const reaction = { mode: 'exact', causes };
    expect(found).toMatchObject([{ personId: 'ada', from: 'reconcile', reaction, waiting: [] }]);
  });

  it('R14 one user, with the reaction that waits for them, or without', async () => {
    const orgId = await anOrganization();
    await run(
      `INSERT INTO reaction (org_id, person_id, mode, causes) VALUES ($1, 'ada', 'new', '[]')`,
      [orgId],
    );
    await react(orgId, 'bob', 'exact', [], randomUUID());
    const [ada] = await read(orgId, { kind: 'explained', personId: 'ada' });
    expect(ada).toMatchObject({ from: 'reconcile', reaction: { mode: 'new', causes: [] } });
    const [bob] = await read(orgId, { kind: 'explained', personId: 'bob' });
    expect(bob).toMatchObject({ personId: 'bob', from: 'templates' });
    expect(bob).not.toHaveProperty('reaction');
  });
});

describe('what a rollout left waiting', () => {
  const story = async (outcome: string, refused: Change[] | null, blockedBy: string[] = []) => {
    const orgId = await anOrganization();
    const earlier = await aRollout(database.db, {
      orgId,
      phase: 'completed',
      users: [{ personId: 'ada' }, { personId: 'bob' }],
    });
    await run(
      `UPDATE rollout_user SET outcome = $2, own_waiting = $3, refused = $4, own_blocked = $5
       WHERE rollout_id = $1`,
      [
        earlier.rolloutId,
        outcome,
        JSON.stringify([removeLicense('RTT')]),
        refused && JSON.stringify(refused),
        JSON.stringify(blockedBy.map((code) => ({ code }))),
      ],
    );
    const rolloutId = randomUUID();
    const causes = [{ kind: 'units-free', rolloutId: earlier.rolloutId }];
    await react(orgId, 'ada', 'waiting', causes, rolloutId);
    const [ada] = await read(orgId, { kind: 'reconcile', rolloutId });
    if (ada?.from !== 'reconcile') throw new Error('no reaction was read');
    return ada.waiting.map(
      ({ operation, target }) =>
        `${operation} ${target.kind === 'license' ? target.licenseId : target.site}`,
    );
  };

  it('R46 comes back for whom a unit is free, and only theirs', async () => {
    expect(await story('converged', null)).toEqual(['remove RTT']);
  });

  it('R46 so does what Webex refused for want of a unit', async () => {
    const refused = [addLicense('MS')];
    expect(await story('waiting-for-seat', refused)).toEqual(['remove RTT', 'add MS']);
    expect(await story('host-pending', refused)).toEqual(['remove RTT', 'add MS']);
  });

  it('R39 R46 R60 a removal waits as long as a blocked change makes it wait', async () => {
    const refused = [addLicense('MS')];
    for (const code of ['site-administrator', 'forbidden', 'no-license']) {
      expect(await story('waiting-for-seat', refused, [code])).toEqual(['add MS']);
    }
    expect(await story('converged', null, ['no-number'])).toEqual(['remove RTT']);
  });

  it('R46 but nothing that it refused for another reason', async () => {
    expect(await story('partial', [addLicense('MS')])).toEqual(['remove RTT']);
  });
});

describe('what is known of a candidate', () => {
  it('R81 what a rollout took, in the order in which it did', async () => {
    const orgId = await anOrganization();
    const rolloutId = randomUUID();
    for (const [personId, change] of [
      ['ada', removeLicense('MS')],
      ['ada', removeLicense('FMS')],
      ['bob', addLicense('FMS')],
    ] as const) {
      const { operation, target } = change;
      await run(
        `INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor)
         VALUES ($1, $2, $3, 1, $4, $5, $6, 'rollout')`,
        [
          orgId,
          personId,
          rolloutId,
          operation,
          target.kind === 'license' ? target.licenseId : target.site,
          JSON.stringify(change),
        ],
      );
    }
    const found = await read(orgId, { kind: 'restore-services', rolloutId });
    expect(found).toMatchObject([
      {
        personId: 'ada',
        from: 'restore-services',
        taken: [{ licenseId: 'MS' }, { licenseId: 'FMS' }],
      },
    ]);
  });

  it('R31a where things come from, only where that is asked for', async () => {
    const orgId = await anOrganization();
    await give(orgId, 'ada', 'mine');
    await give(orgId, 'bob', 'mine', true);
    const users = { kind: 'users', users: ['ada', 'bob'] } as const;
    const origins = (await read(orgId, users, { withProvenance: true })).map(
      ({ provenance }) => provenance,
    );
    expect(origins).toEqual([
      { FMS: { kind: 'template', templateId: 'mine', revision: 4 } },
      { FMS: { kind: 'unknown' } },
    ]);
    expect((await read(orgId, users))[0]?.provenance).toEqual({});
  });

  it('R20 R22 users created with a license, and what was assigned automatically', async () => {
    const orgId = await anOrganization();
    await run(
      `UPDATE directory_user SET is_new = true, is_explicit = true WHERE org_id = $1 AND person_id = 'ada'`,
      [orgId],
    );
    const [ada, bob] = await read(orgId, { kind: 'everybody' }, { withProvenance: true });
    expect(ada).toMatchObject({ isExplicit: true, provenance: { FMS: { kind: 'explicit' } } });
    expect(bob?.isExplicit).toBe(false);
  });

  it('R80a what an answer said, for a day', async () => {
    const orgId = await anOrganization();
    const answer = (ago: string) =>
      run(
        `UPDATE directory_user SET answered = '{"licenses":["MS"],"attendeeSites":null}',
           answered_at = now() - $2::interval WHERE org_id = $1 AND person_id = 'ada'`,
        [orgId, ago],
      );
    const held = async () => (await read(orgId, { kind: 'everybody' }))[0]?.holdings.licenses;
    await answer('23 hours');
    expect(await held()).toEqual(['MS']);
    await answer('25 hours');
    expect(await held()).toEqual(['FMS']);
  });

  it('R10 groups, directly or by a group inside them', async () => {
    const orgId = await anOrganization();
    const groupsOf = async (groups: CandidateQuery['groups']) =>
      (await read(orgId, { kind: 'everybody' }, { groups })).map(({ groupIds }) => groupIds);
    const sales = { groupId: 'sales', memberGroupIds: ['sales'] };
    expect(await groupsOf([sales])).toEqual([['sales'], ['sales'], []]);
    const company = { groupId: 'company', memberGroupIds: ['company', 'sales'] };
    expect(await groupsOf([sales, company])).toEqual([
      ['company', 'sales'],
      ['company', 'sales'],
      [],
    ]);
  });
});

describe('what a plan leaves out', () => {
  it('R103 users by name, and members of groups', async () => {
    const orgId = await anOrganization();
    const leftOut = async (except: NonNullable<CandidateQuery['except']>) =>
      (await read(orgId, { kind: 'everybody' }, { except }))
        .filter(({ isLeftOut }) => isLeftOut)
        .map(({ personId }) => personId);
    const sales = { groupId: 'sales', memberGroupIds: ['sales'] };
    expect(await leftOut({ users: ['cy'], groups: [] })).toEqual(['cy']);
    expect(await leftOut({ users: [], groups: [sales] })).toEqual(['ada', 'bob']);
    expect(await leftOut({ users: ['cy'], groups: [sales] })).toEqual(['ada', 'bob', 'cy']);
    expect(await leftOut({ users: [], groups: [] })).toEqual([]);
  });
});

describe('what was turned off on purpose', () => {
  const wrote = (orgId: string, entries: [operation: string, offer: string, code: string][]) =>
    entries.reduce(async (before, [operation, offer, code], seq) => {
      await before;
      const target = { kind: 'license', licenseId: `id of ${offer}`, offer, site: null };
      await run(
        `INSERT INTO ledger (org_id, person_id, rollout_id, seq, operation, target, change, actor)
         VALUES ($1, 'ada', gen_random_uuid(), $2, $3, $4, $5, 'tester')`,
        [orgId, seq, operation, target.licenseId, JSON.stringify({ target, reason: { code } })],
      );
    }, Promise.resolve());

  it.each([
    ['a service that was turned off', [['remove', 'FMS', 'service-off']], ['FMS']],
    ['what went with it', [['remove', 'MS', 'goes-with']], ['MS']],
    ['FALSE in a file', [['remove', 'RTT', 'csv']], ['RTT']],
    ['not what no template granted', [['remove', 'RTT', 'not-granted']], undefined],
    [
      'not what was added since',
      [
        ['remove', 'FMS', 'service-off'],
        ['add', 'FMS', 'restored'],
      ],
      undefined,
    ],
    [
      'what was turned off again',
      [
        ['remove', 'FMS', 'service-off'],
        ['add', 'FMS', 'restored'],
        ['remove', 'FMS', 'csv'],
      ],
      ['FMS'],
    ],
  ] as const)('R104 is %s', async (_, entries, expected) => {
    const orgId = await anOrganization();
    await wrote(
      orgId,
      entries.map(([...entry]) => entry),
    );
    const [ada, bob] = await read(orgId, { kind: 'everybody' });
    expect(ada?.turnedOff).toEqual(expected);
    expect(bob?.turnedOff).toBeUndefined();
  });
});

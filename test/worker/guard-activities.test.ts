import type { ActivityInboundCallsInterceptor, ActivityExecuteInput } from '@temporalio/worker';
import type { Context } from '@temporalio/activity';
import { ApplicationFailure } from '@temporalio/common';
import { DrizzleQueryError } from 'drizzle-orm';
import { createActivities, type ActivityDeps } from '../../src/activities';
import { ErrorForPeople } from '../../src/error-for-people';
import { guardActivities } from '../../src/worker/guard-activities';
import { OwnOrganization } from '../../src/worker/own-organization';
import { WebexError } from '../../src/webex/port/webex';

const uuid = '00000000-0000-4000-8000-00000000000a';
const webexId = Buffer.from(`ciscospark://us/ORGANIZATION/${uuid}`).toString('base64url');
const other = '00000000-0000-4000-8000-00000000000b';

/** Activities that only read and write rows. Each other one waits until the organization is known. */
const withoutWebex = [
  'beginRollout',
  'drainWrites',
  'giveUp',
  'judgeGate',
  'movePhase',
  'noteProgress',
  'planRollout',
  'readShardPage',
  'reopenFailed',
  'setHold',
  'setPace',
  'withholdRest',
];

type Execute = NonNullable<ActivityInboundCallsInterceptor['execute']>;

/** Runs one activity behind the guard, and tells whether it was begun. */
function guarded(
  organization: OwnOrganization,
  activityType = 'applyUser',
  userLabels: 'email' | 'id' = 'email',
) {
  const began: unknown[] = [];
  const info = { activityType };
  const context = { info } as unknown as Context;
  const { inbound } = guardActivities(organization, userLabels)(context);
  const run = (payload: unknown, work: () => unknown = () => 'done') => {
    const input: ActivityExecuteInput = { args: [payload], headers: {} };
    const next: Parameters<Execute>[1] = ({ args }) => {
      began.push(args[0]);
      return Promise.resolve(work());
    };
    return inbound!.execute!(input, next);
  };
  return { began, run };
}

const confirmed = () => new OwnOrganization(webexId, true, () => Promise.reject(new Error('no')));
const throws = (error: unknown) => () => {
  throw error as Error;
};

describe('guardActivities', () => {
  it('lets through what is about the organization of the token, by any form of its id', async () => {
    const { began, run } = guarded(confirmed());
    expect(await run({ orgId: webexId })).toBe('done');
    expect(await run({ orgId: uuid })).toBe('done');
    expect(began).toHaveLength(2);
  });

  it.each([[{ orgId: other }], [{}], [undefined], [{ orgId: 7 }]])(
    'leaves %j to other workers, untouched and without an alarm',
    async (payload) => {
      const { began, run } = guarded(confirmed());
      await expect(run(payload)).rejects.toMatchObject({
        type: 'OtherOrganization',
        nonRetryable: false,
        category: 'BENIGN',
        nextRetryDelay: 1_000,
      });
      expect(began).toEqual([]);
    },
  );

  describe('where the token opens another organization by now', () => {
    const another = () =>
      new WebexError('unavailable', 'The Webex token opens another organization', {
        operation: '',
      });

    it('offers the task again, untouched, and keeps the worker', async () => {
      let opens = 'other';
      const expectSame = () => (opens === 'own' ? Promise.resolve() : Promise.reject(another()));
      const check = () => Promise.reject(new Error('no'));
      const { began, run } = guarded(new OwnOrganization(webexId, true, check, expectSame));
      await expect(run({ orgId: uuid })).rejects.toMatchObject({
        type: 'WebexUnavailable',
        nonRetryable: false,
        message: expect.stringContaining('opens another organization') as string,
      });
      expect(began).toEqual([]);
      opens = 'own';
      expect(await run({ orgId: uuid })).toBe('done');
    });
  });

  describe('while nobody has seen which organization the token opens', () => {
    it('asks Webex once before it is called, and never again', async () => {
      const check = jest.fn(() => Promise.resolve({ orgId: uuid, organizationName: 'Acme' }));
      const { run } = guarded(new OwnOrganization(webexId, false, check));
      expect(await Promise.all([run({ orgId: uuid }), run({ orgId: uuid })])).toEqual([
        'done',
        'done',
      ]);
      await run({ orgId: uuid });
      expect(check).toHaveBeenCalledTimes(1);
    });

    it('offers the task again while Webex is away, whatever it answers', async () => {
      const failures = ['unavailable', 'forbidden'] as const;
      let asked = 0;
      const check = () => {
        asked += 1;
        const kind = failures[asked % 2]!;
        return Promise.reject(new WebexError(kind, 'no answer', { operation: 'people/me' }));
      };
      const { began, run } = guarded(new OwnOrganization(webexId, false, check));
      for (let i = 0; i < 2; i += 1) {
        await expect(run({ orgId: uuid })).rejects.toMatchObject({
          type: 'WebexUnavailable',
          nonRetryable: false,
          category: 'BENIGN',
        });
      }
      expect(began).toEqual([]);
    });

    it('touches nothing, and ends the worker, where the token opens another organization', async () => {
      const check = () => Promise.resolve({ orgId: other, organizationName: 'Other' });
      const organization = new OwnOrganization(webexId, false, check);
      const { began, run } = guarded(organization);
      await expect(run({ orgId: uuid })).rejects.toMatchObject({ type: 'OtherOrganization' });
      expect(began).toEqual([]);
      await expect(organization.refused).rejects.toThrow(ErrorForPeople);
    });

    it('asks before reactions are opened, too: they read people and numbers', async () => {
      const check = () => Promise.reject(new Error('away'));
      const organization = new OwnOrganization(webexId, false, check);
      const { began, run } = guarded(organization, 'openReactions');
      await expect(run({ orgId: uuid })).rejects.toMatchObject({ type: 'WebexUnavailable' });
      expect(began).toEqual([]);
    });

    it.each(Object.keys(createActivities({ webex: {} } as ActivityDeps)).sort())(
      'knows whether %s calls Webex',
      async (activityType) => {
        const check = () => Promise.reject(new Error('away'));
        const { began, run } = guarded(new OwnOrganization(webexId, false, check), activityType);
        await run({ orgId: uuid }).catch(() => undefined);
        expect(began.length > 0).toBe(withoutWebex.includes(activityType));
      },
    );

    it('records what people decide, which needs no Webex', async () => {
      const check = () => Promise.reject(new Error('away'));
      const { run } = guarded(new OwnOrganization(webexId, false, check), 'setHold');
      expect(await run({ orgId: uuid })).toBe('done');
    });
  });

  describe('keeps data out of histories', () => {
    const address = 'änne.o-neill+x@müller.example';

    it('of the database', async () => {
      const cause = Object.assign(new Error(`Key (email)=(${address})`), {
        severity: 'ERROR',
        code: '23505',
      });
      const failed = new DrizzleQueryError('insert into people', [address], cause);
      const error = await guarded(confirmed())
        .run({ orgId: uuid }, throws(failed))
        .then(
          () => undefined,
          (thrown: unknown) => thrown as Error,
        );
      expect(error?.message).toBe(
        'The database refused a statement: the row exists already (23505)',
      );
      expect(`${error?.stack}${JSON.stringify(error)}`).not.toContain(address);
    });

    it('and addresses, where users are named by their id', async () => {
      const failed = ApplicationFailure.create({
        type: 'PlanImpossible',
        message: `"${address}" (ben@example.com) is in two groups`,
        nonRetryable: true,
        details: [{ named: [address], users: 2 }],
        cause: new Error(`for ${address}`),
      });
      const run = guarded(confirmed(), 'planRollout', 'id').run({ orgId: uuid }, throws(failed));
      await expect(run).rejects.toMatchObject({
        type: 'PlanImpossible',
        nonRetryable: true,
        message: '"[address]" ([address]) is in two groups',
        details: [{ named: ['[address]'], users: 2 }],
        cause: { message: 'for [address]' },
      });
      expect(failed.stack).not.toContain('@müller');
    });

    it('in results too, such as the text of a plan', async () => {
      const plan = {
        details: `- ${address}\n- ben@example.com\nloses`,
        waves: [{ users: 2 }],
        none: null,
      };
      const run = (labels: 'email' | 'id') =>
        guarded(confirmed(), 'planRollout', labels).run({ orgId: uuid }, () => plan);
      expect(await run('id')).toEqual({
        details: '- [address]\n- [address]\nloses',
        waves: [{ users: 2 }],
        none: null,
      });
      expect(await run('email')).toBe(plan);
    });

    it('but leaves addresses where users are named by them', async () => {
      const failed = new Error(`for ${address}`);
      const run = guarded(confirmed(), 'planRollout').run({ orgId: uuid }, throws(failed));
      await expect(run).rejects.toThrow(address);
    });
  });
});

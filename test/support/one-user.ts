/** One user, one rollout and a Webex that carries out what it is asked: for stories about one write. */
import { ApplicationFailure } from '@temporalio/common';
import { applyUserActivities } from '../../src/activities/write/apply-user';
import { createCredentialWatch } from '../../src/activities/write/pace/credential-watch';
import { putBackUserActivities } from '../../src/activities/write/put-back/put-back-user';
import {
  createThrottleWatch,
  type ThrottleWatch,
} from '../../src/activities/write/pace/throttle-watch';
import { createUnitsLeft } from '../../src/activities/write/units-left';
import type { Db } from '../../src/db/connect';
import type { Change } from '../../src/domain/model/change';
import { createLogger } from '../../src/logger';
import { aScriptedWebex, asOrganization, personId, type Asked, type Told } from './scripted-webex';
import { aRollout, rowOf, valueOf } from './seed';

const me = personId(1);
/** Calls until a write is given up. */
export const attempts = 3;

export type Answer = Told | Error;

/** One user, whose holdings follow the writes that are done, and what is answered to each write. */
export async function aUser(
  db: Db,
  changes: Change[],
  held: string[],
  script: {
    /** The answer to the n-th write, from 1; without one it is done and answered truly. */
    write: (
      n: number,
      asked: Asked,
      user: { holds: Set<string>; sites: Set<string>; throttleWatch: ThrottleWatch },
    ) => Answer | undefined;
    /** Units left by license id. */
    units?: Record<string, number>;
    /** Reads don't show the user. */
    isGone?: boolean;
    forbidsReads?: boolean;
    /** Reads have no `siteUrls`. */
    hidesSites?: boolean;
    /** Sites where the user is an attendee. */
    sites?: string[];
  },
) {
  const holds = new Set(held);
  const sites = new Set(script.sites);
  const throttleWatch = createThrottleWatch();
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
    ...(script.hidesSites ? {} : { siteUrls: [...sites].map((site) => `${site}#attendee`) }),
  });
  const scripted = aScriptedWebex((asked) => {
    if (asked.method === 'PATCH') {
      writes += 1;
      const answer = script.write(writes, asked, { holds, sites, throttleWatch });
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
  const { orgId, rolloutId } = await aRollout(db, {
    users: [
      {
        personId: me,
        changes,
        before: { licenses: held, attendeeSites: script.hidesSites ? null : [] },
      },
    ],
  });
  const { webex } = scripted;
  const base = {
    db,
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
    throttleWatch,
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
    deps,
    holds,
    sites,
    scripted,
    row: () => rowOf(db, rolloutId, 1),
    hold: () =>
      valueOf<string | null>(db, 'SELECT hold FROM rollout WHERE rollout_id = $1', [rolloutId]),
    ledger: () =>
      valueOf<string[] | null>(
        db,
        `SELECT jsonb_agg(operation || ' ' || (change->'target'->>'offer') ORDER BY ledger_id)
         FROM ledger WHERE rollout_id = $1`,
        [rolloutId],
      ),
    apply,
    /** One attempt; throws where Temporal would make another. */
    applyOnce: () => applyUser(user),
    putBackOnce: () => putBackUser(user),
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

/** A row like the first one of a rollout, which comes before it, about a user whom no read shows. */
export async function addAUserBefore(db: Db, rolloutId: string): Promise<void> {
  await db.$client.query(
    `INSERT INTO rollout_row SELECT (jsonb_populate_record(u, '{"seq":0,"person_id":"another user"}')).*
     FROM rollout_row u WHERE u.rollout_id = $1 AND u.seq = 1`,
    [rolloutId],
  );
}

import { z } from 'zod';
import { change, instant, orNull } from '../http/parameters/schema-parts';

const count = z.int().min(0);

const waitingPlan = z
  .strictObject({
    rollout: z.string().meta({ description: 'Address of the rollout' }),
    users: count.meta({ description: 'Users who wait for it' }),
    reason: z.string().meta({ description: 'Why a person has to decide' }),
  })
  .meta({ id: 'WaitingPlan' });

const givenUpUser = z
  .strictObject({
    user: z.string().meta({ description: 'Address of the user' }),
    email: z.string(),
    displayName: z.string(),
    foundAt: instant,
    attempts: count.meta({ description: 'Writes that failed' }),
    failure: orNull(z.string()).meta({ description: 'Why the last one failed' }),
  })
  .meta({ id: 'GivenUpUser' });

const owedUser = z
  .strictObject({
    user: z.string().meta({ description: 'Address of the user' }),
    email: z.string(),
    displayName: z.string(),
    rollout: z
      .string()
      .meta({ description: 'Address of the rollout that cost the user something' }),
    changes: z.array(change).meta({ description: 'What has to be put back' }),
    detail: orNull(z.string()).meta({ description: "Why it couldn't be until now" }),
    nextTryAt: orNull(instant).meta({ description: 'null: it is being tried' }),
  })
  .meta({ id: 'OwedUser' });

export const refusedList = z
  .strictObject({
    list: z.string().meta({
      description: '`people`, `groups`, `licenses`, `members:<group id>` or `holders:<license id>`',
    }),
    name: orNull(z.string()).meta({ description: 'Name of the group or license' }),
    refusal: z.enum(['incomplete', 'empty', 'drop', 'other-source']).meta({
      description:
        "`incomplete`: it couldn't be read completely. `empty`, `drop`: too much is missing. `other-source`: licenses say that more units are in use",
    }),
    before: count.meta({
      description: 'Entries accepted so far; of an incomplete list, entries that Webex promises',
    }),
    now: count.meta({ description: 'Entries that the list shows' }),
    missing: count.meta({ description: 'Entries that are missing. They still count' }),
    text: z.string(),
    since: instant,
    at: instant.meta({ description: 'When it was refused last' }),
    reads: count.meta({ description: 'How often in a row it was refused' }),
    accepted: orNull(z.strictObject({ by: z.string(), reason: z.string(), at: instant })).meta({
      description: 'Who has accepted it. It is believed once the next check agrees',
    }),
  })
  .meta({ id: 'RefusedList' });

const peopleFigures = z
  .strictObject({
    seen: count.meta({ description: 'Users whom Webex shows to this credential' }),
    promised: orNull(count).meta({
      description: 'Users whom the organization has; null: neither SCIM nor licenses say it',
    }),
    source: orNull(z.enum(['scim', 'licenses'])).meta({
      description: "Where `promised` comes from: SCIM's total, or the units of the free licenses",
    }),
    text: z.string(),
  })
  .meta({ id: 'PeopleFigures' });

const replacedGroup = z
  .strictObject({
    template: z.string().meta({ description: 'Address of the template' }),
    name: z.string().meta({ description: 'Name of the template' }),
    successor: z.strictObject({ groupId: z.string(), displayName: z.string() }),
    move: z.string().meta({ description: 'Address that moves the template (`POST`)' }),
  })
  .meta({ id: 'ReplacedGroup' });

export const watch = z
  .strictObject({
    baselineAt: orNull(instant).meta({
      description:
        'Start of the first check, which changed no user, by the clock of Webex where it says its time. Users first seen later are new',
    }),
    lookedAt: orNull(instant).meta({ description: 'End of the last successful check' }),
    looks: count.meta({ description: 'Number of successful checks' }),
    readBy: orNull(z.enum(['scim', 'people'])).meta({
      description:
        "How the last check read people. `scim`: only changes since the check before. `people`: all people, because the token can't read SCIM",
    }),
    intervalSeconds: z
      .number()
      .meta({ description: 'Seconds between two checks, from the settings' }),
    floodLimit: z.int().meta({
      description:
        'If a check finds more users than this, their rollout waits for `start`. Users who would lose something are counted over 24 hours',
    }),
    waiting: count.meta({ description: 'Users found who are not in a rollout yet' }),
    deferred: count.meta({
      description:
        'Of these, users who wait for a running rollout or a plan of the watch to write them first',
    }),
    retrying: count.meta({
      description:
        'Of these, users whose last write failed. They are tried again at the next check, then after 15 minutes, 1 hour, and every 4 hours for a day. A write that no read showed in time is made once more, when its answer is no longer believed',
    }),
    floods: z.array(waitingPlan).meta({
      description:
        'Rollouts of the watch that a person has to start, for example because they have more users than `floodLimit`. If one is discarded, its users are not changed',
    }),
    halted: z.array(waitingPlan).meta({
      description: 'Rollouts of the watch that are halted: a person has to resume or abort them',
    }),
    givenUp: z
      .strictObject({
        users: count,
        first: z.array(givenUpUser).meta({ description: 'The first 100 of them' }),
      })
      .meta({
        description:
          'Users whose writes failed for a day, or whose repeated write no read showed: a person has to act. `POST watch/retry` tries again',
      }),
    owed: z
      .strictObject({
        users: count,
        first: z.array(owedUser).meta({ description: 'The first 100 of them' }),
      })
      .meta({
        description:
          'Users who have lost a license by a call of which Webex refused another part, and who do not have it back. It is tried after 1 and 15 minutes, 1 hour, and every 4 hours, until they have it or what was refused, another rollout changes it, or they leave',
      }),
    refused: z.array(refusedList).meta({
      description:
        'Lists of the directory that are not believed. Nothing is taken because of them, until two checks agree or an administrator accepts them with `POST watch/accept`',
    }),
    people: peopleFigures,
    replacedGroups: z.array(replacedGroup).meta({
      description:
        'Templates whose group has vanished while another with the same name, or with at least 80 % of its members, appeared. Nobody loses anything; an administrator moves or deletes the template',
    }),
    lastError: orNull(z.string()).meta({
      description: 'Why the last check failed, or what it had to leave out',
    }),
    waitingFor: orNull(z.string()).meta({
      description:
        'What keeps the watch from checking: no worker of the organization is there, or its token could not be checked. null: nothing does',
    }),
    links: z.strictObject({ rollouts: z.string(), settings: z.string() }),
  })
  .meta({ id: 'Watch' });

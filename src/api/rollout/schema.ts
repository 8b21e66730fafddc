import { z } from 'zod';
import { features } from '../../domain/features/features';
import { outcomes } from '../../domain/model/outcome';
import { actions, phases } from '../../domain/rollout/rollout-phase';
import { feedbackSummary } from './feedback/feedback-schema';
import { change, holdings, instant, note, orNull, warning } from '../http/parameters/schema-parts';
import { pace } from '../directory/schema';
import { storedRequest } from './request-schema';

export const phase = z.enum(phases).meta({ id: 'Phase' });
export const outcome = z.enum(outcomes).meta({ id: 'Outcome' });
export const action = z.enum(actions).meta({ id: 'Action' });

const feature = z.enum(features).meta({ id: 'Feature' });

const featureTotal = z
  .looseObject({
    feature,
    site: orNull(z.string()),
    lost: z.int(),
    gained: z.int(),
    limited: z.int().meta({ description: 'Only while sharing in an active call' }),
    notStated: z
      .int()
      .meta({ description: 'Cisco does not document what happens to it: not counted as lost' }),
  })
  .meta({ id: 'FeatureTotal', description: 'How many users lose or gain one feature' });

const featuresOfUser = z.array(
  z.strictObject({ feature, site: orNull(z.string()), text: z.string() }),
);

export const planSummary = z
  .looseObject({
    usersInScope: z.int(),
    planned: z.int(),
    unchanged: z.int(),
    excluded: z.int().optional().meta({
      description: 'Users whom the request leaves out; absent in plans of older versions',
    }),
    additions: z.int(),
    removals: z.int(),
    units: z.array(z.looseObject({ licenseId: z.string() })),
    waves: z.array(z.looseObject({ wave: z.int(), users: z.int(), soakSeconds: z.number() })),
    usersToInform: z
      .int()
      .optional()
      .meta({ description: 'Users who lose or gain a feature: Webex sends them no mail' }),
    features: z.array(featureTotal).optional().meta({
      description: 'Features that change for at least one user; absent in plans of older versions',
    }),
    blockedBy: z
      .array(z.looseObject({ code: z.string(), users: z.int() }))
      .optional()
      .meta({
        description:
          "Users who can't get something granted for another reason than missing units, by reason; list them with `users?blocked=<code>`",
      }),
    warnings: z.array(warning),
  })
  .meta({ id: 'PlanSummary', description: 'Everything about a plan except its rows' });

export const rolloutBrief = z
  .strictObject({
    rolloutId: z.string(),
    kind: z
      .enum([
        'template',
        'delete-template',
        'preview',
        'csv',
        'reconcile',
        'restore-services',
        'remove-services',
      ])
      .meta({ description: 'The kind of change; a preview can never be started' }),
    title: z.string(),
    phase,
    phaseVersion: z.int(),
    paused: z.boolean(),
    templateId: orNull(z.string()),
    templateRevision: orNull(z.int()),
    createdAt: instant,
    createdBy: z.string(),
    startedAt: orNull(instant),
    startedBy: orNull(z.string()),
    endedAt: orNull(instant),
    links: z.strictObject({ self: z.string() }),
  })
  .meta({ id: 'RolloutBrief' });

export const rollout = rolloutBrief
  .omit({ links: true })
  .extend({
    request: storedRequest,
    phaseReason: orNull(z.string()),
    wave: orNull(z.int()).meta({ description: 'The current wave; 0 is the pilot' }),
    waitingFor: orNull(z.string()).meta({
      description:
        'What the rollout waits for, and what you can do; null if it is writing or needs nothing',
    }),
    replanOf: orNull(z.string()).meta({
      description:
        'The earlier rollout whose remaining users this one has taken up; everybody, if it never had a plan',
    }),
    digest: orNull(z.string()).meta({
      description: 'Digest of the stored plan; `start` requires it',
    }),
    summary: orNull(planSummary),
    plannedAt: orNull(instant),
    expiresAt: orNull(instant),
    lastWriteAt: orNull(instant),
    deadlineAt: orNull(instant).meta({
      description: 'Users whose change Webex does not show by then are `unconverged`',
    }),
    verifyingUntil: orNull(instant).meta({
      description:
        'The rollout has ended early. Users who were written are still verified until then; null once that is done',
    }),
    counts: z
      .record(outcome, z.strictObject({ users: z.int(), href: z.string() }).optional())
      .meta({ description: 'Users per outcome, with the address that lists them' }),
    total: z.int(),
    allowedActions: z.array(action),
    refusedActions: z.record(action, z.string().optional()).meta({
      description: 'Every other action, with the reason why it is not possible',
    }),
    feedback: feedbackSummary,
    restoreWith: orNull(z.looseObject({ change: z.looseObject({ kind: z.string() }) })).meta({
      description:
        'Body for `POST rollouts` that restores the services that this rollout removed; null if it removed none or was never started',
    }),
    pace,
    planSeconds: orNull(z.number()).meta({
      description: 'Duration of the whole plan at the current pace, including soak times',
    }),
    secondsLeft: orNull(z.number()).meta({
      description:
        'Until the last write and soak time at the current pace, the wait that Webex asked for included; null once nothing is left',
    }),
    asOf: orNull(instant),
    links: z.strictObject({
      self: z.string(),
      plan: z.string(),
      users: z.string(),
      report: z.string(),
      progress: z.string(),
      events: z.string(),
      temporal: orNull(z.string()),
    }),
  })
  .meta({ id: 'Rollout' });

export const progress = z
  .strictObject({
    rolloutId: z.string(),
    phase,
    phaseVersion: z.int(),
    paused: z.boolean(),
    wave: orNull(z.int()),
    waves: z.int(),
    waitingFor: orNull(z.string()),
    counts: z.record(outcome, z.int().optional()),
    total: z.int(),
    secondsLeft: orNull(z.number()),
    deadlineAt: orNull(instant),
    verifyingUntil: orNull(instant),
    source: z.enum(['workflow', 'database']).meta({
      description:
        '`workflow`: as the running rollout reports it. `database`: as stored, because no worker answered',
    }),
  })
  .meta({ id: 'Progress' });

export const rolloutUser = z
  .strictObject({
    seq: z.int(),
    personId: z.string(),
    email: z.string(),
    displayName: z.string(),
    wave: orNull(z.int()),
    step: orNull(z.int()),
    outcome,
    before: holdings,
    changes: z.array(change),
    kept: z.array(note),
    blocked: z.array(note),
    waiting: z.array(change),
    expected: holdings,
    pending: orNull(z.enum(['unit', 'host'])),
    takenUpBy: orNull(z.string()).meta({
      description: 'The later rollout that retried the changes that wait for a unit',
    }),
    waitEnded: orNull(z.strictObject({ at: instant, reason: orNull(z.string()) })).meta({
      description:
        'Since when the user no longer waits for a unit, and why; null while they wait or if they never did',
    }),
    refused: orNull(z.array(change)),
    detail: orNull(z.string()),
    attempts: z.int(),
    writtenAt: orNull(instant),
    convergedAt: orNull(instant),
    trackingId: orNull(z.string()),
    activation: orNull(z.literal('at-first-sign-in')).meta({
      description:
        '`at-first-sign-in`: the user has not signed in yet. What is assigned can be used from the first sign-in at the latest, and counts as converged. null otherwise',
    }),
    features: z
      .strictObject({
        lost: featuresOfUser,
        gained: featuresOfUser,
        limited: featuresOfUser,
        notStated: featuresOfUser,
      })
      .meta({
        description:
          'What changes for the user: as planned, and as Webex applied it once it is written',
      }),
    inform: z.boolean().meta({
      description: 'The user loses or gains a feature: inform them, because Webex sends no mail',
    }),
  })
  .meta({ id: 'RolloutUser' });

import { z } from 'zod';
import { userBrief } from '../directory/schema';
import {
  change,
  holdings,
  instant,
  note,
  orNull,
  templateRef,
} from '../http/parameters/schema-parts';
import { outcome, phase } from '../rollout/schema';

const provenance = z
  .strictObject({
    kind: z.enum(['template', 'manual', 'explicit', 'implicit', 'unknown']).meta({
      description:
        'What granted it first. `template`: its owner; a later template does not become the owner because the user already holds it. `manual`: assigned by hand or by CSV. `explicit`: the user was created with it. `implicit`: Webex assigned it automatically. `unknown`: held before Seatwise first read the directory, and never removed because a template grants less',
    }),
    text: z.string(),
    template: orNull(
      z.strictObject({
        templateId: z.string(),
        revision: orNull(z.int()),
        name: orNull(z.string()),
        address: orNull(z.string()).meta({
          description: 'null if the template was deleted, or never got beyond its pilot',
        }),
        takeBackWith: orNull(z.looseObject({ change: z.looseObject({ kind: z.string() }) })).meta({
          description:
            'Body for `POST rollouts` that takes back what a template granted that never got beyond its pilot; null otherwise',
        }),
      }),
    ),
    since: orNull(instant).meta({
      description: 'When it was granted or first seen; null if not known',
    }),
    rollout: orNull(z.string()).meta({ description: 'The rollout that granted it' }),
  })
  .meta({ id: 'Provenance', description: 'Where something that a user holds comes from' });

const desired = z
  .strictObject({
    offer: z.string(),
    site: orNull(z.string()),
    kind: z.enum(['license', 'attendee']),
    held: z.boolean(),
    why: z.string(),
    rule: z.string(),
    requiredBy: orNull(z.string()).meta({
      description: 'What requires it; null if a template grants it',
    }),
    templates: z.array(templateRef),
    whyNot: z
      .array(note)
      .meta({ description: "Why the user does not hold it and planning can't grant it now" }),
  })
  .meta({ id: 'Desired', description: 'One thing that a user should hold, and why' });

const cause = z.strictObject({
  kind: z.enum([
    'new-user',
    'linked-user',
    'arrived-user',
    'returned-user',
    'joined',
    'left',
    'group-deleted',
    'units-free',
  ]),
  text: z.string(),
  rule: z.string(),
});
const reactionMode = z.enum(['add', 'exact', 'new', 'waiting']).meta({
  description:
    '`add`: additions and replacements. `exact`: exactly what templates grant. `new`: additions, and removal of free licenses that were assigned automatically and that no template grants. `waiting`: changes that waited for a unit',
});

const decision = z.strictObject({
  outcome,
  changes: z.array(change),
  kept: z.array(note),
  blocked: z.array(note),
  waiting: z.array(change),
  expected: holdings,
});

const rolloutOfUser = z
  .strictObject({
    title: z.string(),
    phase,
    createdAt: instant,
    seq: z.int(),
    outcome,
    changes: z.array(change),
    kept: z.array(note),
    blocked: z.array(note),
    waiting: z.array(change),
    detail: orNull(z.string()),
    takenUpBy: orNull(z.string()).meta({
      description: 'The later rollout that retried the changes that waited for a unit',
    }),
    rollout: z.string(),
  })
  .meta({ id: 'RolloutOfUser', description: 'What a rollout planned for and did to one user' });

const next = z
  .strictObject({
    reconciliation: orNull(decision.extend({ mode: reactionMode, causes: z.array(cause) })).meta({
      description:
        'What the next reconciliation would do with the units that are free now, decided by the same code as a plan. Causes are empty if the watch has found nothing. null for accounts that are never changed',
    }),
    exact: orNull(decision.extend({ template: templateRef })).meta({
      description:
        'For comparison: a rollout of this template to existing users with preserve off. null if no template reaches this user',
    }),
    plans: z
      .array(rolloutOfUser)
      .meta({ description: 'Plans with this user that wait for `start`' }),
  })
  .meta({ id: 'UserNext', description: 'What would change next' });

const openRow = z.strictObject({
  state: z
    .enum([
      'to-be-written',
      'being-written',
      'to-be-put-back',
      'to-be-verified',
      'waiting-for-unit',
    ])
    .meta({
      description:
        '`to-be-put-back`: something was removed for nothing, and is owed to the user, whatever became of the rollout',
    }),
  title: z.string(),
  phase,
  seq: z.int(),
  wave: orNull(z.int()),
  outcome,
  pending: orNull(z.enum(['unit', 'host'])),
  changes: z.array(change),
  waiting: z.array(change),
  rollout: z.string(),
});

const reaction = z.strictObject({
  foundAt: instant,
  mode: reactionMode,
  causes: z.array(cause),
  rollout: orNull(z.string()).meta({
    description: 'The rollout that includes the user; null if the user still waits',
  }),
  title: orNull(z.string()),
  phase: orNull(phase),
  closedAt: orNull(instant),
  attempts: z.int().min(0).meta({ description: 'Writes for it that failed before' }),
  failure: orNull(z.string()).meta({ description: 'Why the last write failed' }),
  notBefore: orNull(instant).meta({
    description: 'While the user waits: not tried again before then. null: at the next check',
  }),
  gaveUpAt: orNull(instant).meta({
    description: 'When the watch stopped trying: a person has to act. null: it has not stopped',
  }),
});

const group = z.strictObject({
  groupId: z.string(),
  displayName: z.string(),
  isDirect: z.boolean().meta({
    description:
      'false if the user is a member of a group inside this group, which counts with `includeParentGroups`',
  }),
  template: orNull(templateRef.extend({ address: z.string() })).meta({
    description: 'Template in force for this group; null if there is none',
  }),
});

export const user = userBrief
  .extend({
    holdsSource: z.enum(['read', 'answer']).meta({
      description:
        '`read`: as Webex last showed it. `answer`: as Webex answered the last write, until a read agrees or 24 hours have passed',
    }),
    isNew: z.boolean().meta({ description: 'Counted as a new user when first seen' }),
    isExplicit: z.boolean().meta({
      description:
        'Created with a license of their own: the organization template does not cover them',
    }),
    standing: z
      .array(z.strictObject({ code: z.string(), text: z.string(), rule: z.string() }))
      .meta({ description: 'What else decides how this user is treated' }),
    licenses: z.array(
      z.strictObject({
        licenseId: z.string(),
        offer: orNull(z.string()),
        site: orNull(z.string()),
        name: orNull(z.string()).meta({
          description: 'null if the organization does not list this license; it is never changed',
        }),
        provenance,
      }),
    ),
    attendeeAccounts: z.array(z.strictObject({ site: z.string(), provenance })),
    shouldHold: z.array(desired),
    templates: z.array(templateRef),
    groups: z.array(group),
    next,
    reactions: z.array(reaction).meta({ description: 'What the watch found, newest first' }),
    openRows: z.array(openRow).meta({ description: 'Rows of rollouts with something left to do' }),
    ledger: z.array(
      z.strictObject({
        at: instant,
        operation: z.enum(['add', 'remove']),
        target: z.string(),
        change,
        actor: z.string(),
        rollout: z.string(),
      }),
    ),
    rollouts: z.array(rolloutOfUser),
    asOf: orNull(instant),
  })
  .meta({ id: 'User' });

import { z } from 'zod';
import { userBrief } from '../directory/schema';
import { change, holdings, instant, note, orNull, templateRef } from '../http/schema-parts';
import { outcome, phase } from '../rollout/schema';

const provenance = z
  .strictObject({
    kind: z.enum(['template', 'manual', 'explicit', 'implicit', 'unknown']).meta({
      description:
        'Who gave it first (R31a). template: the owner, which a later template never becomes by finding it held; ' +
        'manual: somebody, by hand or by CSV; explicit: the user was created with it (R20); ' +
        'implicit: it came by itself (R22); unknown: held before Seatwise first looked, and never ' +
        'taken because a template grants less (R30, R31)',
    }),
    text: z.string(),
    template: orNull(
      z.strictObject({
        templateId: z.string(),
        revision: orNull(z.int()),
        name: orNull(z.string()),
        address: orNull(z.string()).meta({ description: 'null: the template was deleted' }),
      }),
    ),
    since: orNull(instant).meta({
      description: 'When it was given, or first seen; null: nobody knows',
    }),
    rollout: orNull(z.string()).meta({ description: 'The rollout that gave it' }),
  })
  .meta({ id: 'Provenance', description: 'Why a user holds something' });

const desired = z
  .strictObject({
    offer: z.string(),
    site: orNull(z.string()),
    kind: z.enum(['license', 'attendee']),
    held: z.boolean(),
    why: z.string(),
    rule: z.string(),
    requiredBy: orNull(z.string()).meta({
      description: 'What needs it; null: a template grants it',
    }),
    templates: z.array(templateRef),
    whyNot: z.array(note).meta({ description: 'Not held, and planning can not give it now' }),
  })
  .meta({ id: 'Desired', description: 'One thing that a user should hold, and why' });

const cause = z.strictObject({
  kind: z.enum(['new-user', 'linked-user', 'joined', 'left', 'group-deleted', 'units-free']),
  text: z.string(),
  rule: z.string(),
});
const reactionMode = z.enum(['add', 'exact', 'new', 'waiting']).meta({
  description:
    'add: additions and replacements (R27, R28); exact: the desired set and nothing else (R29); ' +
    'new: additions, and free licenses that came by themselves and that no template grants go (R22); ' +
    'waiting: changes that an earlier rollout had no unit for (R46)',
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
      description: 'The rollout that tried again what waited here for a unit (R36, R46)',
    }),
    rollout: z.string(),
  })
  .meta({ id: 'RolloutOfUser', description: 'What a rollout planned for and did to one user' });

const next = z
  .strictObject({
    reconciliation: orNull(decision.extend({ mode: reactionMode, causes: z.array(cause) })).meta({
      description:
        'What the next reconciliation would do, decided as planning does, with the units that are ' +
        'left now; causes are empty where the watch has found nothing. null: never touched (R17)',
    }),
    exact: orNull(decision.extend({ template: templateRef })).meta({
      description:
        'For comparison: this template rolled out to existing users with preserve off (R19, R19a). ' +
        'null: no template reaches this user',
    }),
    plans: z.array(rolloutOfUser).meta({ description: 'Plans that wait for `start`' }),
  })
  .meta({ id: 'UserNext', description: 'What would change next' });

const openRow = z.strictObject({
  state: z.enum(['to-be-written', 'being-written', 'to-be-verified', 'waiting-for-unit']),
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
  rollout: orNull(z.string()).meta({ description: 'The rollout that took it up; null: it waits' }),
  title: orNull(z.string()),
  phase: orNull(phase),
  settledAt: orNull(instant),
});

const group = z.strictObject({
  groupId: z.string(),
  displayName: z.string(),
  isDirect: z.boolean().meta({
    description: 'false: by a group inside it, as `includeParentGroups` says (R10)',
  }),
  template: orNull(templateRef.extend({ address: z.string() })).meta({
    description: 'In force for this group; null: it holds none',
  }),
});

export const user = userBrief
  .extend({
    holdsSource: z.enum(['read', 'answer']).meta({
      description: 'answer: that of our last write, until a read agrees or 24 h have passed (R80a)',
    }),
    isNew: z.boolean().meta({ description: 'Counted as new when first seen (R15, R21)' }),
    isExplicit: z.boolean().meta({
      description: 'Created with a license of their own: no organization template (R20)',
    }),
    standing: z
      .array(z.strictObject({ code: z.string(), text: z.string(), rule: z.string() }))
      .meta({ description: 'What else decides how this user is treated, in words' }),
    licenses: z.array(
      z.strictObject({
        licenseId: z.string(),
        offer: orNull(z.string()),
        site: orNull(z.string()),
        name: orNull(z.string()).meta({ description: 'null: not listed, so never touched' }),
        provenance,
      }),
    ),
    attendeeAccounts: z.array(z.strictObject({ site: z.string(), provenance })),
    shouldHold: z.array(desired),
    templates: z.array(templateRef),
    groups: z.array(group),
    next,
    reactions: z.array(reaction).meta({ description: 'What the watch found, newest first' }),
    openRows: z.array(openRow).meta({ description: 'Rows of rollouts that are not over' }),
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

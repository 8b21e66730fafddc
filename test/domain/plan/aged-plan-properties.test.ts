import fc from 'fast-check';
import type { Candidate } from '../../../src/domain/kinds/candidate';
import type { License } from '../../../src/domain/model/license';
import { targetKey } from '../../../src/domain/model/target-key';
import { createDecisionCheck } from '../../../src/domain/plan/aged/decision-check';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import { anyStory } from '../any-story';
import { contextOf, planOf, someSettings, type Story } from '../builders';
import {
  anyDeletion,
  anyImport,
  anyReaction,
  anyRestoration,
  anyRollout,
  anyTurningOff,
  anyWithdrawal,
} from '../interpreter/any-organization';
import { asStory } from '../interpreter/as-story';

type AnyStory = Story & { users: Candidate[]; licenses: License[] };

const anyPlannable: fc.Arbitrary<AnyStory> = fc.oneof(
  { weight: 3, arbitrary: anyStory },
  ...[
    anyRollout,
    anyWithdrawal,
    anyDeletion,
    anyTurningOff,
    anyReaction,
    anyImport,
    anyRestoration,
  ].map((anyCase) => ({ weight: 1, arbitrary: anyCase.map(asStory) })),
);

/** What the plan would write, and how each of these decisions differs in the later story. */
function differences(story: AnyStory, later: AnyStory) {
  const differs = createDecisionCheck(contextOf(later));
  const byId = new Map(later.users.map((user) => [user.personId, user]));
  return planOf(story).rows.flatMap((row) => {
    const user = byId.get(row.personId);
    if (!user || row.outcome !== 'planned') return [];
    return [{ row, why: differs({ ...user, holdings: row.before }, row) }];
  });
}

const withUnits = (story: AnyStory, units: (license: License) => Partial<License>): AnyStory => ({
  ...story,
  licenses: story.licenses.map((license) => ({ ...license, ...units(license) })),
});

const plenty = (story: AnyStory) =>
  withUnits(story, ({ consumedUnits }) => ({ totalUnits: (consumedUnits ?? 0) + 1_000 }));

function written({ changes }: Pick<PlannedUser, 'changes'>): string[] {
  return changes.map(({ operation, target }) => `${operation} ${targetKey(target)}`).sort();
}

/** Memberships, templates and settings that somebody else may change meanwhile. */
const anyEdit = fc.record({
  other: anyStory,
  mode: fc.constantFrom('exclusive', 'union', 'group-overrides-organization' as const),
  moved: fc.boolean(),
  attendeeSites: fc.boolean(),
});

describe('a plan that is decided again', () => {
  it('R101 differs for nobody while nothing has changed but units', () => {
    fc.assert(
      fc.property(anyPlannable, fc.boolean(), (story, areUsedUp) => {
        const later = areUsedUp
          ? withUnits(story, ({ totalUnits }) => ({ consumedUnits: totalUnits }))
          : plenty(story);
        for (const { why } of differences(story, later)) expect(why).toBeNull();
      }),
      { numRuns: 600 },
    );
  });

  it('R101 writes nothing that would not be written today, where it does not differ', () => {
    fc.assert(
      fc.property(anyPlannable, anyEdit, (planned, { other, mode, moved, attendeeSites }) => {
        const story = plenty(planned);
        const [own, ...rest] = story.templates ?? [];
        const others = (other.templates ?? []).filter(
          ({ templateId }) => templateId !== own?.templateId,
        );
        const groups = [...new Set(story.users.flatMap(({ groupIds }) => groupIds))];
        const later: AnyStory = {
          ...story,
          templates: own ? [own, ...(moved ? rest : others)] : others,
          settings: {
            ...(story.settings ?? someSettings()),
            compositionMode: mode,
            ...(attendeeSites ? { attendeeSites: [] } : {}),
          },
          users: moved ? story.users.map((user) => ({ ...user, groupIds: groups })) : story.users,
        };
        const today = new Map(planOf(later).rows.map((row) => [row.personId, written(row)]));
        for (const { row, why } of differences(story, later)) {
          if (why === null)
            expect(today.get(row.personId)).toEqual(expect.arrayContaining(written(row)));
        }
      }),
      { numRuns: 600 },
    );
  });
});

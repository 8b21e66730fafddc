import fc from 'fast-check';
import type { Candidate } from '../../../src/domain/kinds/candidate';
import type { License } from '../../../src/domain/model/license';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import { anyStory } from '../any-story';
import { planOf, type Plan, type Story } from '../builders';
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

/** Rollouts with pilots and exclusions, and everything else that can be planned. */
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

/** The users once a plan has been carried out, and the licenses as Webex would count them then. */
function after(story: { users: Candidate[]; licenses: License[] }, plan: Plan) {
  const expected = new Map(plan.rows.map((row) => [row.personId, row.expected]));
  const users = story.users.map((user) => ({
    ...user,
    holdings: expected.get(user.personId) ?? user.holdings,
  }));
  const licenses = story.licenses.map((license) => {
    if (license.subscriptionId === null) return license;
    const holders = users.filter((user) => user.holdings.licenses.includes(license.id));
    return { ...license, consumedUnits: holders.length };
  });
  return { users, licenses };
}

function offersOf(row: PlannedUser): string[] {
  return row.expected.licenses.map((id) => offerOf(id));
}

function offerOf(id: string): string {
  return /:([A-Z]+)_/.exec(Buffer.from(id, 'base64url').toString())?.[1] ?? '';
}

function isHostOn(row: PlannedUser, site: string): boolean {
  return row.expected.licenses.some((id) =>
    Buffer.from(id, 'base64url').toString().endsWith(`_${site}`),
  );
}

describe('whatever the templates, the users and the units', () => {
  const check = (claim: (story: AnyStory) => void) =>
    fc.assert(fc.property(anyPlannable, claim), { numRuns: 400 });

  it('R19 R29 R30 R72 applying a plan and planning again yields nothing, but for who still waits', () => {
    check((story) => {
      const plan = planOf(story);
      const again = planOf({ ...story, ...after(story, plan) });
      for (const row of again.rows) {
        // What was freed in this plan by somebody who still waits may be had in the next one.
        if (plan.of(row.personId).pending !== null) continue;
        expect(row.changes).toEqual([]);
      }
    });
  });

  it('R7 R46 the order of templates, groups and users does not matter', () => {
    check((story) => {
      const templateId = story.templates?.[0]?.templateId ?? '';
      const turned = {
        ...story,
        templates: [...(story.templates ?? [])].reverse(),
        users: [...story.users].reverse().map((user) => ({
          ...user,
          groupIds: [...user.groupIds].reverse(),
        })),
        change: story.change ?? ({ kind: 'template', templateId, revision: 1 } as const),
      };
      const [plan, other] = [planOf(story), planOf(turned)];
      expect(other.rows).toEqual(plan.rows);
      expect(other.summary).toEqual(plan.summary);
    });
  });

  it('R19 R19b preserve removes nothing but in replacements', () => {
    const claim = (story: AnyStory) => {
      for (const { changes } of planOf({ ...story, preserveLicenses: true }).rows) {
        for (const { operation, replacement } of changes) {
          expect(operation === 'add' || replacement).toBe(true);
        }
      }
    };
    fc.assert(fc.property(fc.oneof(anyStory, anyRollout.map(asStory)), claim), { numRuns: 400 });
  });

  it('R46 units never go below zero, in any prefix of the order of service', () => {
    check((story) => {
      const plan = planOf(story);
      const left = new Map(
        story.licenses.map(({ id, subscriptionId, totalUnits, consumedUnits }) => [
          id,
          subscriptionId === null ? Infinity : totalUnits - (consumedUnits ?? 0),
        ]),
      );
      const move = (row: PlannedUser, operation: 'add' | 'remove', by: number) => {
        for (const change of row.changes) {
          if (change.operation !== operation || change.target.kind !== 'license') continue;
          const units = (left.get(change.target.licenseId) ?? 0) + by;
          left.set(change.target.licenseId, units);
          expect(units).toBeGreaterThanOrEqual(0);
        }
      };
      const written = plan.rows.filter(({ wave }) => wave !== null);
      for (const { wave, steps } of plan.summary.waves) {
        for (const { step, fromSeq, toSeq } of steps) {
          const rows = written.filter(({ seq }) => seq >= fromSeq && seq <= toSeq);
          for (const row of rows) expect([row.wave, row.step]).toEqual([wave, step]);
          // Inside a step the order is free: the worst is that all additions come first.
          for (const row of rows) move(row, 'add', -1);
          for (const row of rows) move(row, 'remove', 1);
        }
      }
      for (const { licenseId, unitsLeftAfter } of plan.summary.units) {
        if (unitsLeftAfter !== null) expect(unitsLeftAfter).toBe(left.get(licenseId));
      }
    });
  });

  it('R40 nobody ends host and attendee on one site', () => {
    check((story) => {
      for (const row of planOf(story).rows) {
        for (const site of row.expected.attendeeSites ?? []) {
          expect(isHostOn(row, site)).toBe(false);
        }
      }
    });
  });

  it('R53 R54 nobody ends with a broken dependency, and R41 R60 nobody with an exclusion', () => {
    check((story) => {
      for (const row of planOf(story).rows) {
        const offers = offersOf(row);
        if (offers.includes('MS') || offers.includes('FTM')) expect(offers).toContain('FMS');
        expect(offers.includes('CJPPRM') && offers.includes('CJPSTD')).toBe(false);
        expect(offers.includes('BCSTD') && offers.includes('WXCSTD')).toBe(false);
      }
    });
  });

  it('R57 FSS and unlisted licenses are never in a call', () => {
    check((story) => {
      for (const { changes, waiting } of planOf(story).rows) {
        for (const { target } of [...changes, ...waiting]) {
          const offer = target.kind === 'license' ? target.offer : 'attendee';
          expect(['FSS', 'WAM']).not.toContain(offer);
        }
      }
    });
  });

  it('R46 a user who waits for a unit loses nothing except in a replacement that is planned', () => {
    check((story) => {
      for (const { pending, changes } of planOf(story).rows) {
        if (pending === null) continue;
        const losses = changes.filter(({ operation }) => operation === 'remove');
        for (const { replacement } of losses) expect(replacement).toBe(true);
      }
    });
  });

  it('R8 nobody is given what they hold, or the same thing twice', () => {
    check((story) => {
      for (const { changes, before } of planOf(story).rows) {
        const added = changes.flatMap(({ operation, target }) =>
          operation === 'add' && target.kind === 'license' ? [target] : [],
        );
        const names = added.map(({ offer, site }) => `${offer}@${site ?? ''}`);
        expect(new Set(names).size).toBe(names.length);
        for (const { licenseId } of added) expect(before.licenses).not.toContain(licenseId);
      }
    });
  });

  it('the summary adds up to the rows', () => {
    check((story) => {
      const { summary, rows } = planOf(story);
      const changes = rows.flatMap((row) => row.changes);
      const count = (outcome: string) => rows.filter((row) => row.outcome === outcome).length;
      expect(rows.map(({ seq }) => seq)).toEqual(rows.map((_, i) => i + 1));
      expect(summary).toMatchObject({
        usersInScope: rows.length,
        planned: count('planned'),
        unchanged: count('unchanged'),
        blocked: count('blocked'),
        waitingForSeat: count('waiting-for-seat'),
        hostPending: count('host-pending'),
        additions: changes.filter(({ operation }) => operation === 'add').length,
        removals: changes.filter(({ operation }) => operation === 'remove').length,
      });
      const inWaves = summary.waves.reduce((sum, { users }) => sum + users, 0);
      expect(inWaves).toBe(summary.planned);
    });
  });
});

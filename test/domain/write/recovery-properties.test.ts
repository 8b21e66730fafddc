import fc from 'fast-check';
import type { Candidate } from '../../../src/domain/kinds/candidate';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import { planOf } from '../builders';
import {
  anyDeletion,
  anyReaction,
  anyRollout,
  anyWithdrawal,
  type Case,
} from '../interpreter/any-organization';
import { asStory, thingsOf } from '../interpreter/as-story';

/** For somebody to do something (R39, R60), or to acknowledge that Calling goes (R29b). */
function waitsForMore({ blocked, waiting }: PlannedUser): boolean {
  const isBlocked = blocked.some(
    ({ code }) => code === 'forbidden' || code === 'site-administrator',
  );
  return (
    isBlocked ||
    waiting.some(({ operation, target }) => {
      const offer = target.kind === 'license' ? target.offer : '';
      return operation === 'remove' && ['BCSTD', 'WXCSTD'].includes(offer);
    })
  );
}

function includesExplicit({ organization, order }: Case): boolean {
  if (order.kind !== 'template' || !order.existingUsers) return false;
  return organization.templates.some(({ id, group }) => id === order.id && group === null);
}

describe('once there are units again', () => {
  it.each([
    ['R36 R46 a rollout', anyRollout],
    ['R31 R46 removing a service', anyWithdrawal],
    ['R30 R46 deleting a template', anyDeletion],
    ['R27 R29 R46 a reaction', anyReaction],
  ])(
    '%s ends for those who waited as if nothing had been short',
    (_, anyCase) => {
      const claim = fc.property(anyCase, (one) => {
        const units = Object.fromEntries(
          Object.keys(one.organization.units).map((copy) => [copy, 100]),
        );
        const plenty = asStory({ ...one, organization: { ...one.organization, units } });
        const short = planOf(asStory(one));
        const whole = planOf(plenty);
        const isIncluded = includesExplicit(one);
        const users = plenty.users.map((user): Candidate => {
          const same: Candidate = { ...user, from: 'templates' };
          const row = short.rows.find(({ personId }) => personId === user.personId);
          if (!row) return same;
          // R20: whom a rollout to existing users has included, the organization template reaches from then on.
          const isExplicit = user.isExplicit && !isIncluded;
          const after = { ...same, isExplicit, holdings: row.expected };
          if (row.pending === null || waitsForMore(row)) return after;
          const causes = user.from === 'reconcile' ? user.reaction.causes : [];
          const reaction = { mode: 'waiting' as const, causes };
          return { ...after, from: 'reconcile', reaction, waiting: row.waiting };
        });
        const later = planOf({ ...plenty, users, change: { kind: 'reconcile' } });
        for (const row of later.rows) {
          expect(thingsOf(row.expected)).toEqual(thingsOf(whole.of(row.personId).expected));
        }
      });
      fc.assert(claim, { numRuns: 400 });
    },
    120_000,
  );
});

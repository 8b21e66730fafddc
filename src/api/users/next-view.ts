import type { PlannedUser } from '../../domain/plan/planned-user';
import type { ReadExplanation } from './read-explanation';
import { causeView } from './reaction-view';
import { isBeforeStart, rolloutOfUserView, type RolloutOfUser } from './rollouts-of-user-view';

interface NextInput {
  orgId: string;
  explained: ReadExplanation;
  rollouts: readonly RolloutOfUser[];
  names: ReadonlyMap<string, string>;
}

/** What would change next: automatically, by a rollout of the templates, and by plans that wait for `start`. */
export function nextView({ orgId, explained, rollouts, names }: NextInput) {
  const { reaction, reconciliation, exact } = explained;
  return {
    reconciliation: reconciliation && {
      mode: reaction.mode,
      causes: reaction.causes.map((cause) => causeView(cause, names)),
      ...decisionView(reconciliation),
    },
    exact: exact && { template: exact.template, ...decisionView(exact.row) },
    plans: rollouts
      .filter(({ phase }) => isBeforeStart(phase))
      .map((one) => rolloutOfUserView(orgId, one)),
  };
}

function decisionView({ changes, kept, blocked, waiting, expected, outcome }: PlannedUser) {
  return { outcome, changes, kept, blocked, waiting, expected };
}

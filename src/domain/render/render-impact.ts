import { featureLabel } from '../features/feature-label';
import type { PlanSummary } from '../plan/plan-summary';
import type { FeatureTotal } from '../features/features';

/** R86: what people will notice, and R82: how many have to be told. */
export function renderFeatures({ features, usersToInform }: PlanSummary): string[] {
  if (features.length === 0) return [];
  return [
    `Features, noticed by ${usersLabel(usersToInform)} to whom Webex sends no mail:`,
    ...features.map((total) => `  ${featureLabel(total)}: ${effectsLabel(total)}`),
  ];
}

/** R69: why something granted can't be given, and to how many. */
export function renderBlocked({ blockedBy }: PlanSummary): string[] {
  return blockedBy.map(({ code, users }) => `! blocked by ${code}: ${usersLabel(users)}`);
}

function effectsLabel({ lost, limited, gained, notStated }: FeatureTotal): string {
  const effects = [
    [lost, 'lost by'],
    [limited, 'only while sharing in an active call for'],
    [gained, 'gained by'],
    [notStated, 'not stated for'],
  ] as const;
  return effects
    .filter(([users]) => users > 0)
    .map(([users, what]) => `${what} ${users}`)
    .join(', ');
}

function usersLabel(users: number): string {
  return `${users} ${users === 1 ? 'user' : 'users'}`;
}

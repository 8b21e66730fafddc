import { compareText } from '../../model/text/compare-text';
import type { PlanWarning } from '../../model/warning';
import { counted, firstFew } from '../../model/text/wording';
import type { SurveyCounts } from '../survey/survey-counts';
import { nameOfGrant } from './unit-warnings';

const usersNamed = 10;

/** What the plan gives back that was turned off on purpose: by a rollout or by a file (R104). */
export function turnedOnAgainWarnings(turnedOnAgain: SurveyCounts['turnedOnAgain']): PlanWarning[] {
  return [...turnedOnAgain]
    .sort(([a], [b]) => compareText(a, b))
    .map(([key, { users, named }]) => {
      const text =
        `${counted(users, 'user')} would get back ${nameOfGrant(key)}, which was turned off for them ` +
        `on purpose: ${firstFew(named, usersNamed, users)}.`;
      return { code: 'turned-on-again', text, rule: 'R104' };
    });
}

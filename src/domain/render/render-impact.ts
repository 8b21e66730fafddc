import { featureLabel } from '../features/feature-label';
import type { FeatureTotal } from '../features/features';
import type { NoteCode } from '../model/note';
import { counted } from '../model/text/wording';
import type { BlockedTotal, PlanSummary } from '../plan/plan-summary';

/** What users will notice (R86), and how many users have to be informed (R82). */
export function renderFeatures({ features, usersToInform }: PlanSummary): string[] {
  if (features.length === 0) return [];
  return [
    `${counted(usersToInform, 'user')} will notice a difference. Webex doesn't inform them:`,
    ...features.map((total) => `  ${featureLabel(total)}: ${effectsLabel(total)}`),
  ];
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
    .map(([users, what]) => `${what} ${counted(users, 'user')}`)
    .join(', ');
}

const causes: Partial<Record<NoteCode, string>> = {
  'no-license': 'the organization has no license for something that they are granted',
  forbidden: 'Webex excludes something that they are granted',
  irreversible: 'removing Webex Calling is permanent and needs a rollout that acknowledges it',
  'site-administrator': "site administrators can't be attendees on their own site",
  'no-number': 'Webex Calling needs a number or an extension, and the directory has none',
  'bad-number': "the number in the directory can't be used for Webex Calling",
  stale: 'their licenses changed after the file was exported',
};

/** How many users something can't be done for, by cause (R69). */
export function renderBlocked(blockedBy: readonly BlockedTotal[]): string[] {
  return blockedBy.map(
    ({ code, users }) =>
      `! ${counted(users, 'user is blocked', 'users are blocked')}: ${causes[code] ?? code}`,
  );
}

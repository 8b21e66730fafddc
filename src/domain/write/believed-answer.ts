import type { Change } from '../model/change';
import type { Holdings } from '../model/user';

/**
 * What is believed of the answer to a write (R80a): it may lack a part. What the user held before and no
 * change removes still counts as held. Otherwise the next plan would add it, and a template would own
 * what somebody gave by hand (R31a).
 */
export function believedAnswer(
  shown: Holdings,
  { before, changes }: { before: Holdings; changes: readonly Change[] },
): Holdings {
  const targets = changes.map(({ target }) => target);
  const licenses = before.licenses.filter(
    (id) => !targets.some((target) => target.kind === 'license' && target.licenseId === id),
  );
  // A host on a site is no attendee there (R40).
  const sites = before.attendeeSites?.filter((site) => !targets.some((one) => one.site === site));
  return {
    licenses: together(shown.licenses, licenses),
    attendeeSites: shown.attendeeSites && together(shown.attendeeSites, sites ?? []),
  };
}

function together(shown: readonly string[], kept: readonly string[]): string[] {
  return [...new Set([...shown, ...kept])].sort();
}

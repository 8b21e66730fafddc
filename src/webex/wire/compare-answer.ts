import type { Change } from '../../domain/model/change';
import { IdForms } from './id-forms';
import { sortedUnique } from './map-directory';
import type { WriteAnswer } from '../port/webex';
import type { WireWriteAnswer } from './wire';

/**
 * Compares a request with its answer. This is done for 200 as well as 206: Webex has answered 200 to a
 * removal that had no effect.
 *
 * | change          | done when the answer has            |
 * |-----------------|-------------------------------------|
 * | add license     | its id                              |
 * | remove license  | not its id                          |
 * | add attendee    | the site as `attendee`              |
 * | remove attendee | no such entry (a host entry is fine)|
 */
export function compareAnswer(
  changes: readonly Change[],
  answer: WireWriteAnswer,
  ids = new IdForms(),
): Pick<WriteAnswer, 'holdings' | 'done' | 'refused' | 'details'> {
  const licenses = sortedUnique(answer.licenses.map((id) => ids.license(id)));
  const attendeeSites = sortedUnique(
    (answer.siteUrls ?? [])
      .filter((site) => site.accountType.toLowerCase() === 'attendee')
      .map((site) => site.siteUrl.toLowerCase()),
  );
  const shownLicenses = new Set(licenses);
  const shownSites = new Set(attendeeSites);
  const isShown = ({ target }: Change) =>
    target.kind === 'license'
      ? shownLicenses.has(target.licenseId)
      : shownSites.has(target.site.toLowerCase());
  const isDone = (change: Change) => isShown(change) === (change.operation === 'add');
  return {
    holdings: { licenses, attendeeSites },
    done: changes.filter(isDone),
    refused: changes.filter((change) => !isDone(change)),
    details: detailsOf(answer),
  };
}

function detailsOf(answer: WireWriteAnswer): string[] {
  const pending = [
    ...(answer.pendingLicenses ?? []),
    ...(answer.pendingSiteUrls ?? []).map((site) => site.siteUrl),
  ];
  const errors = (answer.errors ?? []).map((error) =>
    [error.description, error.errorCode ? `[${error.errorCode}]` : ''].filter(Boolean).join(' '),
  );
  return pending.length > 0
    ? [...errors, `${pending.length} not effective until the user accepts them`]
    : errors;
}

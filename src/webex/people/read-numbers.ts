import { readIndexed } from '../http/read-indexed';
import { mapPages } from '../http/map-pages';
import { collectUntilProven } from '../http/read-until-proven';
import type { ReadProgress, Read } from '../http/reader';
import type { WebexNumber } from '../port/webex';
import { canonicalId, type IdForms } from '../wire/id-forms';
import { wireNumbers, type WireNumber, type WireNumbers } from '../wire/wire';

const operation = 'GET /telephony/config/numbers';
const list = 'numbers';
const pageSize = '1000';

/**
 * All phone numbers (`GET /telephony/config/numbers`), without entries that are only extensions. They
 * are paged by index and without a total: the list ends with an empty page. Throws `incomplete`.
 */
export async function listNumbers(
  read: Read,
  ids: IdForms,
  progress: ReadProgress,
): Promise<WebexNumber[]> {
  const call = {
    operation,
    list,
    path: '/telephony/config/numbers',
    schema: wireNumbers,
    mayBeRefused: 'until-allowed',
    // It counts from 0.
    pageAt: (startIndex: number) =>
      new URLSearchParams({ max: pageSize, start: String(startIndex - 1) }),
    idsOf: ({ phoneNumbers }: WireNumbers) => phoneNumbers.map(keyOf),
    totalOf: () => null,
  } as const;
  const entries = await collectUntilProven(
    { operation, list },
    (isLastAttempt) =>
      mapPages(readIndexed(read, { ...call, isLastAttempt }, progress), ({ phoneNumbers }) => {
        progress.report(0);
        return phoneNumbers;
      }),
    progress,
  );
  const numbers = new Map<string, WebexNumber>();
  for (const { phoneNumber, state, location, owner } of entries) {
    if (!phoneNumber) continue;
    numbers.set(phoneNumber, {
      number: phoneNumber,
      locationId: location?.id ? canonicalId(location.id) : null,
      ownerId: owner?.id ? ids.person(owner.id) : null,
      state: state ?? null,
    });
  }
  return [...numbers.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
}

/** Extensions have no id of their own: all that is shown of them tells them apart. */
function keyOf(entry: WireNumber): string {
  return [entry.phoneNumber].find(Boolean) ?? JSON.stringify(entry);
}

import { canonicalId } from '../wire/map-directory';
import { readPages } from '../http/read-pages';
import type { ReadProgress, Read } from '../http/reader';
import type { WebexNumber } from '../port/webex';
import { wireNumbers } from '../wire/wire';

/** All phone numbers (`GET /telephony/config/numbers`), without entries that are only extensions. */
export async function listNumbers(read: Read, progress: ReadProgress): Promise<WebexNumber[]> {
  const call = {
    operation: 'GET /telephony/config/numbers',
    path: '/telephony/config/numbers',
    query: new URLSearchParams({ max: '1000', start: '0' }),
    schema: wireNumbers,
  };
  const numbers = new Map<string, WebexNumber>();
  for await (const { body } of readPages(read, call, progress)) {
    progress.report(0);
    for (const { phoneNumber, state, location, owner } of body.phoneNumbers) {
      if (!phoneNumber) continue;
      numbers.set(phoneNumber, {
        number: phoneNumber,
        locationId: location?.id ? canonicalId(location.id) : null,
        ownerId: owner?.id ? canonicalId(owner.id) : null,
        state: state ?? null,
      });
    }
  }
  return [...numbers.values()].sort((a, b) => (a.number < b.number ? -1 : 1));
}

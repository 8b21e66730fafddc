import type { Holdings, Provenance } from '../model/user';
import { isFreeOffer } from '../licenses/offers';
import { offerOfLicenseId } from '../model/webex-id';

/** What is known about where a user's holdings come from. */
export interface ProvenanceFacts {
  holdings: Holdings;
  /** What Seatwise added and hasn't removed since, by license id or `attendee:<site>`. */
  given: Readonly<Record<string, Provenance>>;
  /** Licenses that the user held when first seen. */
  firstLicenses: readonly string[];
  /** The user was new when first seen (R15), not part of the organization at the first check. */
  isNew: boolean;
}

/** The origin of everything that a user holds (R31a), by license id or `attendee:<site>`. */
export function provenanceOf(facts: ProvenanceFacts): Record<string, Provenance> {
  const { holdings, given } = facts;
  const licenses = holdings.licenses.map((id) => [id, given[id] ?? ofLicense(id, facts)] as const);
  const sites = (holdings.attendeeSites ?? []).map((site) => {
    const key = `attendee:${site}`;
    // No read shows reliably which attendee accounts a user had when first seen.
    const origin: Provenance = given[key] ?? { kind: 'unknown' };
    return [key, origin] as const;
  });
  return Object.fromEntries([...licenses, ...sites]);
}

function ofLicense(id: string, { firstLicenses, isNew }: ProvenanceFacts): Provenance {
  if (!firstLicenses.includes(id)) return { kind: 'manual' };
  if (!isNew) return { kind: 'unknown' };
  return { kind: isFreeOffer(offerOfLicenseId(id) ?? '') ? 'implicit' : 'explicit' };
}

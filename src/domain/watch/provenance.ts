import type { Holdings, Provenance } from '../model/user';
import { isFreeOffer } from '../licenses/offers';
import { offerOfLicenseId } from '../model/webex-id';

/** What is known about how a user came to hold things. */
export interface ProvenanceFacts {
  holdings: Holdings;
  /** What Seatwise gave and hasn't taken since, by license id or `attendee:<site>`. */
  given: Readonly<Record<string, Provenance>>;
  /** Licenses at first sight. */
  firstLicenses: readonly string[];
  /** First seen when new (R15), and not as part of an organization that was there already. */
  isNew: boolean;
}

/** Where everything that a user holds comes from (R31a), by license id or `attendee:<site>`. */
export function provenanceOf(facts: ProvenanceFacts): Record<string, Provenance> {
  const { holdings, given } = facts;
  const licenses = holdings.licenses.map((id) => [id, given[id] ?? ofLicense(id, facts)] as const);
  const sites = (holdings.attendeeSites ?? []).map((site) => {
    const key = `attendee:${site}`;
    // No read shows for sure which attendee accounts there were at first sight.
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

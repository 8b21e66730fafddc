import type { UserKind } from '../model/user';
import { isFreeOffer } from '../licenses/offers';
import type { ReactionCause } from './reaction';

/** A license of a user whom the watch sees for the first time. */
export interface FirstLicense {
  offer: string;
  /** Type of the license's meeting site, from `GET /licenses`. */
  siteType: string | null;
}

export interface FirstSightInput {
  kind: UserKind;
  /** Null: Webex doesn't show it, so the user can't count as new. */
  createdAt: Date | null;
  /** When the watch's first check began. */
  baselineAt: Date;
  /** At first sight. */
  licenses: readonly FirstLicense[];
}

/** How the watch classifies a user whom it sees for the first time. */
export interface FirstSight {
  isNew: boolean;
  /** R20: the organization template doesn't apply to this user. */
  isExplicit: boolean;
  /** Why the user is reconciled. Null: an existing user, whom the watch doesn't change. */
  cause: Extract<ReactionCause, { kind: 'new-user' | 'linked-user' }> | null;
}

const linkedSiteTypes = ['linked site', 'site admin managed site'];

/**
 * A user is new if created after the watch's first check (R15), or if newly linked: everything they
 * hold apart from the free licenses is on sites of Site Administration (R21). Machines, bots and users
 * of other organizations are never new (R52).
 */
export function judgeFirstSight(input: FirstSightInput): FirstSight {
  const { kind, createdAt, baselineAt, licenses } = input;
  const paid = licenses.filter(({ offer }) => !isFreeOffer(offer));
  const isElsewhere = ({ siteType }: FirstLicense) =>
    linkedSiteTypes.includes(siteType?.trim().toLowerCase() ?? '');
  const nothing: FirstSight = { isNew: false, isExplicit: false, cause: null };
  if (kind !== 'person') return nothing;
  if (createdAt !== null && createdAt > baselineAt) {
    const isExplicit = !paid.every(isElsewhere);
    return { isNew: true, isExplicit, cause: { kind: 'new-user' } };
  }
  const isLinked = paid.length > 0 && paid.every(isElsewhere);
  return isLinked ? { isNew: true, isExplicit: false, cause: { kind: 'linked-user' } } : nothing;
}

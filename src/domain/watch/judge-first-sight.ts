import type { UserKind } from '../model/user';
import { isFreeOffer } from '../licenses/offers';
import type { ReactionCause } from './reaction';

/** A license as the watch sees it on somebody whom it hasn't seen before. */
export interface FirstLicense {
  offer: string;
  /** Of the license's meeting site, as `GET /licenses` says it. */
  siteType: string | null;
}

export interface FirstSightInput {
  kind: UserKind;
  /** Null: Webex doesn't say, so that nobody can call the user new. */
  createdAt: Date | null;
  /** When the watch's first look began. */
  baselineAt: Date;
  /** At first sight. */
  licenses: readonly FirstLicense[];
}

/** What the watch makes of somebody whom it hasn't seen before. */
export interface FirstSight {
  isNew: boolean;
  /** R20: the organization template leaves them out. */
  isExplicit: boolean;
  /** Why they are to be reconciled; null: they were there already, and are left alone. */
  cause: Extract<ReactionCause, { kind: 'new-user' | 'linked-user' }> | null;
}

const linkedSiteTypes = ['linked site', 'site admin managed site'];

/**
 * New is who was created after the watch's first look (R15), and who was newly linked: all that they
 * hold beside the free licenses is on sites of Site Administration (R21). Machines, bots and users of
 * other organizations never (R52).
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

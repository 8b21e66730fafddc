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
  /** Null: Webex doesn't show it. */
  createdAt: Date | null;
  /** When the watch's first check began. */
  baselineAt: Date;
  /** At first sight. */
  licenses: readonly FirstLicense[];
  /** Null: never seen before. Otherwise the user counted as gone and is here again. */
  before: { isExplicit: boolean } | null;
}

/** How the watch classifies a user whom it sees for the first time, or again. */
export interface FirstSight {
  isNew: boolean;
  /** Created before the watch's first check, or here again: R22 removes nothing from this user. */
  onlyGains: boolean;
  /** R20: the organization template doesn't apply to this user. */
  isExplicit: boolean;
  /** Why the user is reconciled. Null: one whom the watch never changes. */
  cause: Extract<ReactionCause, { kind: ArrivalKind }> | null;
}

export type ArrivalKind = 'new-user' | 'linked-user' | 'arrived-user' | 'returned-user';

const linkedSiteTypes = ['linked site', 'site admin managed site'];

/**
 * R15: whoever is first seen after the watch's first check is new, whatever the date of creation, and so
 * is a user who is here again:
 *
 * | user                                      | cause           | R22 may remove |
 * |-------------------------------------------|-----------------|----------------|
 * | created after the first check             | `new-user`      | yes            |
 * | older, all licenses on linked sites (R21) | `linked-user`   | no             |
 * | older, or of unknown age (claimed …)      | `arrived-user`  | no             |
 * | counted as gone and is here again         | `returned-user` | no             |
 * | machine, bot, of another organization     | none (R52)      | no             |
 */
export function judgeFirstSight(input: FirstSightInput): FirstSight {
  const { kind, createdAt, baselineAt, licenses, before } = input;
  if (kind !== 'person') return { isNew: false, onlyGains: false, isExplicit: false, cause: null };
  if (before !== null) {
    const { isExplicit } = before;
    return { isNew: true, onlyGains: true, isExplicit, cause: { kind: 'returned-user' } };
  }
  const paid = licenses.filter(({ offer }) => !isFreeOffer(offer));
  const isElsewhere = ({ siteType }: FirstLicense) =>
    linkedSiteTypes.includes(siteType?.trim().toLowerCase() ?? '');
  const isExplicit = !paid.every(isElsewhere);
  if (createdAt !== null && createdAt > baselineAt) {
    return { isNew: true, onlyGains: false, isExplicit, cause: { kind: 'new-user' } };
  }
  const isLinked = paid.length > 0 && !isExplicit;
  const cause = { kind: isLinked ? ('linked-user' as const) : ('arrived-user' as const) };
  return { isNew: true, onlyGains: true, isExplicit, cause };
}

import type { Note } from '../model/note';
import type { Change } from '../model/change';
import type { CallingOffers } from '../model/settings';
import { prerequisitesOf } from '../licenses/offers';
import { areHalves, isPermanentRemoval } from './replacement';

export interface WithoutCalling {
  /** What can be written without Calling. */
  changes: Change[];
  blocked: Note[];
}

export interface RefusedWrite {
  changes: readonly Change[];
  callingOffers: CallingOffers;
  /** Webex's error codes, and its message in one line. */
  codes: readonly number[];
  detail: string;
}

/** Refusals that are about something else: messaging, screen share, Messenger, sites, unknown licenses. */
const otherCodes = [700003, 700004, 700005, 700006, 400118, 400216, 400000];
/** Conflicts between Calling licenses (R60). */
const conflictCodes = [400112, 400404, 400406, 400407, 400408, 400410, 400413];

/**
 * R64: what is left of a write that Webex refused as a whole and that would have added Calling: the
 * number may have been assigned to another user since planning. Licenses that need Calling are left
 * out as well, and licenses that Calling would have replaced are kept. Null where something else was
 * the reason.
 */
export function withoutCalling(write: RefusedWrite): WithoutCalling | null {
  const { changes, callingOffers, codes, detail } = write;
  const refused = changes.flatMap(({ operation, target, calling }) =>
    operation === 'add' && calling && target.kind === 'license' ? [target] : [],
  );
  if (refused.length === 0 || codes.some((code) => otherCodes.includes(code))) return null;
  const isDependent = ({ operation, target }: Change) =>
    operation === 'add' &&
    target.kind === 'license' &&
    refused.some(
      ({ licenseId, offer }) =>
        target.licenseId === licenseId ||
        prerequisitesOf(target.offer, callingOffers).includes(offer),
    );
  const dropped = changes.filter(isDependent);
  const rest = changes.filter(
    (change) =>
      !dropped.includes(change) &&
      // A removal that only makes room goes with the addition for which it does.
      !dropped.some((addition) => areHalves(change, addition, callingOffers)) &&
      // Nothing brings Calling back: none is removed where an addition was refused (R95).
      !isPermanentRemoval(change, callingOffers),
  );
  const isConflict = codes.some((code) => conflictCodes.includes(code));
  return {
    changes: rest,
    blocked: refused.map((target) => ({
      code: isConflict ? 'forbidden' : 'bad-number',
      text: `Webex refused it: ${detail}`,
      rule: isConflict ? 'R60' : 'R64',
      target,
    })),
  };
}

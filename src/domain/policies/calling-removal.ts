import type { Treatment } from '../decide/policy';
import { isIrreversible } from '../licenses/offers';
import type { ChangeTarget } from '../model/change';
import type { CallingOffers } from '../model/settings';

/** R29b: nothing automatic ever removes Webex Calling. */
export const needsAcknowledgement: Treatment = {
  block: {
    code: 'irreversible',
    text: 'removing Webex Calling is permanent and needs a rollout that acknowledges it',
    rule: 'R29b',
  },
};

/** Removing it destroys number, extension and voicemail (R68). */
export function isPermanentLoss(target: ChangeTarget, callingOffers: CallingOffers): boolean {
  return target.kind === 'license' && isIrreversible(target.offer, callingOffers);
}

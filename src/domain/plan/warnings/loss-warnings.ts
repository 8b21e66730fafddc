import type { ChangeKind } from '../../kinds/change-kind';
import { basicMessaging, freeOffers, offerWithCode, serviceOf } from '../../licenses/offers';
import type { PlanWarning } from '../../model/warning';
import { counted, firstFew } from '../../model/text/wording';
import type { ChangeTotal } from '../plan-summary';
import type { PlanFigures } from './plan-figures';

/** What users lose, permanent losses first. */
export function lossWarnings(
  summary: Pick<PlanFigures, 'totals' | 'irreversibleRemovals'>,
  { grantsEntitlements }: Pick<ChangeKind, 'grantsEntitlements'>,
): PlanWarning[] {
  const { totals, irreversibleRemovals } = summary;
  return [
    ...permanentLosses(irreversibleRemovals),
    ...messagingLost(usersLosing(totals, basicMessaging)),
    ...(grantsEntitlements ? freeOffersLost(totals) : []),
    ...contactCenterAdded(totals),
  ];
}

function permanentLosses({ users, named }: PlanFigures['irreversibleRemovals']): PlanWarning[] {
  if (users === 0) return [];
  const names = firstFew(named, named.length, users);
  const text = `${counted(users, 'user')} would lose their Calling number, extension and voicemail permanently: ${names}.`;
  return [{ code: 'irreversible', text, rule: 'R68' }];
}

function messagingLost(users: number): PlanWarning[] {
  if (users === 0) return [];
  const text =
    `${counted(users, 'user')} would lose access to all spaces and messages. Colleagues can't invite them to a space, ` +
    'create a space with them or start a 1:1 conversation (the control is visible but inactive). In an existing ' +
    "1:1 space a colleague can still post. A sender from another organization isn't told that a message doesn't arrive.";
  return [{ code: 'messaging-off', text, rule: 'R84' }];
}

function freeOffersLost(totals: readonly ChangeTotal[]): PlanWarning[] {
  return freeOffers.flatMap((offer) => {
    const users = usersLosing(totals, offer);
    if (users === 0) return [];
    const text = `${counted(users, 'user')} would lose ${offerWithCode(offer)}, which none of their templates grants.`;
    return [{ code: 'free-offer-lost', text, rule: 'R13a' }];
  });
}

function contactCenterAdded(totals: readonly ChangeTotal[]): PlanWarning[] {
  const users = totals
    .filter(({ operation, offer }) => operation === 'add' && serviceOf(offer) === 'contact-center')
    .reduce((sum, total) => sum + total.users, 0);
  if (users === 0) return [];
  const text = `${counted(users, 'user')} would gain a Contact Center license. The profiles of existing agents may be reset.`;
  return [{ code: 'contact-center-profile', text, rule: 'R43' }];
}

function usersLosing(totals: readonly ChangeTotal[], offer: string): number {
  return totals.find((total) => total.operation === 'remove' && total.offer === offer)?.users ?? 0;
}

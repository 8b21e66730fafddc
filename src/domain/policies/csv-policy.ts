import { desiredByAlone, type Desired, type DesiredEntry } from '../templates/compose-templates';
import type { CsvCell, CsvWish } from '../csv/requested-cells';
import type { ChangeTarget, Reason } from '../model/change';
import type { Entitlement } from '../model/template';
import type { CallingOffers } from '../model/settings';
import { basicMessaging, messagingOffers, offerLabel } from '../licenses/offers';
import type { Policy, Treatment } from '../decide/policy';
import { grantedReason } from '../templates/reasons';

export interface CsvPolicyInput {
  wish: CsvWish;
  mode: 'add' | 'add-and-remove';
  callingOffers: CallingOffers;
}

/** TRUE adds; FALSE takes where the mode says so (R72); what no cell names is untouched (R73). */
export function csvPolicy({ wish, mode, callingOffers }: CsvPolicyInput): Policy {
  const isTaken = (offer: string, site: string | null, kind: CsvCell['kind']) =>
    wish.cells.some(
      (cell) => !cell.granted && cell.kind === kind && cell.offer === offer && cell.site === site,
    );
  const untouched: Treatment = {
    keep: { code: 'preserved', text: "the file doesn't take it", rule: 'R73' },
  };
  const ifNotDesired = (target: ChangeTarget): Treatment => {
    if (mode === 'add') return untouched;
    if (target.kind === 'attendee') {
      const isOff = wish.cells.some(
        ({ kind, site, granted }) => kind === 'attendee' && site === target.site && !granted,
      );
      return isOff ? { take: said('FALSE', wish.line) } : untouched;
    }
    if (isTaken(target.offer, target.site, 'license')) return { take: said('FALSE', wish.line) };
    const goesAlong = (messagingOffers as readonly string[]).includes(target.offer);
    if (!goesAlong || !isTaken(basicMessaging, null, 'license')) return untouched;
    const text = `goes with ${offerLabel(basicMessaging)}`;
    return { take: { code: 'goes-with', text, rule: 'R54', templates: [] } };
  };
  return {
    desired: desiredBy(wish, callingOffers),
    grant: (entry) => reasonFor(entry, wish.line),
    ifNotDesired,
  };
}

function desiredBy({ cells }: CsvWish, callingOffers: CallingOffers): Desired {
  const entitlements = cells
    .filter(({ granted }) => granted)
    .map(({ kind, offer, site }): Entitlement => {
      if (site === null) return { offer };
      return { offer, site, accountType: kind === 'attendee' ? 'attendee' : 'host' };
    });
  const template = { templateId: 'csv', name: 'csv', revision: 1, entitlements };
  const desired = desiredByAlone(template, callingOffers);
  const entries = desired.entries.map((entry) => ({ ...entry, templates: [] }));
  return { entries, templates: [] };
}

function reasonFor(entry: DesiredEntry, line: number): Reason {
  return entry.requiredBy === null ? said('TRUE', line) : grantedReason(entry);
}

function said(cell: 'TRUE' | 'FALSE', line: number): Reason {
  return { code: 'csv', text: `line ${line} says ${cell}`, rule: 'R72', templates: [] };
}

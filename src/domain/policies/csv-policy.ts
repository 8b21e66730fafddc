import type { CsvCell, CsvWish } from '../csv/requested-cells';
import type { Policy, Treatment } from '../decide/policy';
import { basicMessaging, messagingOffers, offerLabel } from '../licenses/offers';
import type { ChangeTarget, Reason } from '../model/change';
import type { CallingOffers } from '../model/settings';
import type { Entitlement } from '../model/template';
import { desiredByAlone, type Desired } from '../templates/compose-templates';
import { grantedReason } from '../templates/reasons';

export interface CsvPolicyInput {
  wish: CsvWish;
  mode: 'add' | 'add-and-remove';
  callingOffers: CallingOffers;
}

const untouched: Treatment = {
  keep: { code: 'preserved', text: "the file doesn't remove it", rule: 'R73' },
};

/** TRUE adds; FALSE removes if the mode allows it (R72); what no cell names isn't changed (R73). */
export function csvPolicy({ wish, mode, callingOffers }: CsvPolicyInput): Policy {
  return {
    desired: desiredBy(wish, callingOffers),
    grant: (entry) => (entry.requiredBy === null ? saidBy(wish, 'TRUE') : grantedReason(entry)),
    ifNotDesired: (target) => (mode === 'add' ? untouched : treat(target, wish)),
  };
}

function treat(target: ChangeTarget, wish: CsvWish): Treatment {
  if (wish.cells.some((cell) => !cell.granted && isAbout(cell, target))) {
    return { take: saidBy(wish, 'FALSE') };
  }
  return losesWithMessaging(target, wish) ? { take: removedWithMessaging } : untouched;
}

/** A cell about an attendee account names the offer of its column; only the site counts. */
function isAbout({ kind, offer, site }: CsvCell, target: ChangeTarget): boolean {
  if (kind !== target.kind || site !== target.site) return false;
  return target.kind === 'attendee' || offer === target.offer;
}

/** R54: other messaging licenses can't be held without Basic Messaging. */
function losesWithMessaging(target: ChangeTarget, { cells }: CsvWish): boolean {
  if (target.kind === 'attendee') return false;
  if (!(messagingOffers as readonly string[]).includes(target.offer)) return false;
  return cells.some(
    ({ kind, offer, site, granted }) =>
      !granted && kind === 'license' && offer === basicMessaging && site === null,
  );
}

const removedWithMessaging: Reason = {
  code: 'goes-with',
  text: `can't be held without ${offerLabel(basicMessaging)}, which is removed`,
  rule: 'R54',
  templates: [],
};

/** The cells with TRUE, composed like a template. */
function desiredBy({ cells }: CsvWish, callingOffers: CallingOffers): Desired {
  const entitlements = cells
    .filter(({ granted }) => granted)
    .map(({ kind, offer, site }): Entitlement => {
      if (site === null) return { offer };
      return { offer, site, accountType: kind === 'attendee' ? 'attendee' : 'host' };
    });
  const template = { templateId: 'csv', name: 'csv', revision: 1, entitlements };
  const { entries } = desiredByAlone(template, callingOffers);
  return { entries: entries.map((entry) => ({ ...entry, templates: [] })), templates: [] };
}

function saidBy({ line }: CsvWish, cell: 'TRUE' | 'FALSE'): Reason {
  return { code: 'csv', text: `line ${line} says ${cell}`, rule: 'R72', templates: [] };
}

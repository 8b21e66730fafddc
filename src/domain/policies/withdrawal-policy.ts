import { targetKey } from '../model/target-key';
import { desiredByAlone, type Desired } from '../templates/compose-templates';
import { type HeldLicense, licenseTarget } from '../licenses/license-index';
import type { ChangeTarget, Reason } from '../model/change';
import type { Provenance } from '../model/user';
import type { Template } from '../model/template';
import { contactCenterStandard, isContactCenter } from '../licenses/offers';
import type { Policy, Remark } from '../decide/policy';
import { grantedReason } from '../templates/reasons';

export interface WithdrawalInput {
  /** R30 ends a template, R31 removes something from one. */
  rule: 'R30' | 'R31';
  /** The template that grants less than before, or nothing any more. */
  template: Template;
  /** What all templates grant the user, as they will govern. */
  desired: Desired;
  held: readonly HeldLicense[];
  attendeeSites: readonly string[];
  provenance: Readonly<Record<string, Provenance>>;
  /** Whether the user also gets what is desired. */
  alsoGrants: boolean;
}

/**
 * Removes what a template gave and no template grants any more (R30, R31). What somebody else gave is
 * kept, and so is what was held before the first read (R31a); the plan lists both.
 */
export function withdrawalPolicy(input: WithdrawalInput): Policy {
  const { desired, alsoGrants } = input;
  const ifNotDesired = treatByOrigin(input);
  return {
    desired: alsoGrants ? desired : inPlaceOfLosses(input, ifNotDesired),
    grant: grantedReason,
    ifNotDesired,
  };
}

function treatByOrigin(input: WithdrawalInput): Policy['ifNotDesired'] {
  const { rule, template, provenance, desired } = input;
  const { templateId, name, revision } = template;
  // R31 removes what left the template: users whom it doesn't cover any more keep the rest of it.
  const granting = rule === 'R31' ? [desired, desiredByAlone(template)] : [desired];
  const withdrawn: Reason = {
    code: 'withdrawn',
    text: `given by ${name}, which no longer grants it`,
    rule,
    templates: [{ templateId, name, revision }],
  };
  return (target) => {
    if (granting.some((some) => isGranted(some, target))) {
      return { keep: { code: 'right-already', text: 'a template grants it', rule } };
    }
    const origin = provenance[targetKey(target)] ?? { kind: 'unknown' };
    const isOwn = origin.kind === 'template' && origin.templateId === templateId;
    return isOwn ? { take: withdrawn } : { keep: otherOrigins[origin.kind] };
  };
}

function givenOtherwise(text: string): Remark {
  return { code: 'given-otherwise', text, rule: 'R31a' };
}

const otherOrigins: Readonly<Record<Provenance['kind'], Remark>> = {
  template: givenOtherwise('another template gave it'),
  manual: givenOtherwise('somebody added it by hand'),
  explicit: givenOtherwise('the user was created with it'),
  implicit: givenOtherwise('Webex added it automatically'),
  unknown: {
    code: 'unknown-origin',
    text: 'held before Seatwise first read the directory',
    rule: 'R31a',
  },
};

/** Granted itself, or as a part of something better: host (R35), or Contact Center Premium (R41). */
function isGranted({ entries }: Desired, target: ChangeTarget): boolean {
  return entries.some(({ kind, offer, site, attendeeFallback, rule }) => {
    if (site !== target.site) return false;
    if (target.kind === 'attendee') return kind === 'attendee' || attendeeFallback;
    if (kind !== 'license') return false;
    const isStandardToo = rule === 'R41' && target.offer === contactCenterStandard;
    return offer === target.offer || isStandardToo;
  });
}

/**
 * What other templates grant in place of something that is removed: another account on the site, or
 * the other Contact Center license. Without it the user would end with neither (R40).
 */
function inPlaceOfLosses(
  { desired, held, attendeeSites }: WithdrawalInput,
  ifNotDesired: Policy['ifNotDesired'],
): Desired {
  const isRemoved = (target: ChangeTarget) => 'take' in ifNotDesired(target);
  const licenses = held.filter((one) => one.position !== null && isRemoved(licenseTarget(one)));
  const attended = attendeeSites.filter((site) => isRemoved({ kind: 'attendee', site }));
  const sites = new Set([...licenses.flatMap(({ site }) => site ?? []), ...attended]);
  const losesContactCenter = licenses.some(({ offer }) => isContactCenter(offer));
  const entries = desired.entries.filter(
    ({ offer, site }) =>
      (site !== null && sites.has(site)) || (losesContactCenter && isContactCenter(offer)),
  );
  return { ...desired, entries };
}

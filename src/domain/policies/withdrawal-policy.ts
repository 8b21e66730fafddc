import { targetKey } from '../model/target-key';
import { desiredByAlone, type Desired } from '../templates/compose-templates';
import { type HeldLicense, licenseTarget } from '../licenses/license-index';
import type { ChangeTarget, Reason } from '../model/change';
import type { Provenance } from '../model/user';
import type { Template } from '../model/template';
import { contactCenterStandard, isContactCenter } from '../licenses/offers';
import type { Policy, Treatment } from '../decide/policy';
import { grantedReason } from '../templates/reasons';

export interface WithdrawalInput {
  /** R30 ends a template, R31 takes something out of one. */
  rule: 'R30' | 'R31';
  /** The template that grants less than before, or nothing any more. */
  template: Template;
  /** Over all templates, as they will govern. */
  desired: Desired;
  held: readonly HeldLicense[];
  attendeeSites: readonly string[];
  provenance: Readonly<Record<string, Provenance>>;
  /** The user gets what is desired, too; else this is only about what goes. */
  alsoGrants: boolean;
}

/**
 * What a template gave goes where no template grants it any more (R30, R31). What somebody else gave
 * stays, and so does what was held before we looked (R31a): both are named.
 */
export function withdrawalPolicy(input: WithdrawalInput): Policy {
  const { desired, alsoGrants } = input;
  const ifNotDesired = judgeByOrigin(input);
  const wanted = alsoGrants ? desired : inPlaceOfLosses(input, ifNotDesired);
  return { desired: wanted, grant: grantedReason, ifNotDesired };
}

function judgeByOrigin(input: WithdrawalInput): Policy['ifNotDesired'] {
  const { rule, template, provenance, desired } = input;
  const { templateId, name, revision } = template;
  // R31 takes what left the template: somebody who isn't covered any more keeps the rest of it.
  const granting = rule === 'R31' ? [desired, desiredByAlone(template)] : [desired];
  const withdrawn: Reason = {
    code: 'withdrawn',
    text: `given by ${name}, which doesn't grant it any more`,
    rule,
    templates: [{ templateId, name, revision }],
  };
  return (target) => {
    if (granting.some((some) => isGranted(some, target))) {
      return { keep: { code: 'right-already', text: 'a template grants it', rule } };
    }
    const origin = provenance[targetKey(target)] ?? { kind: 'unknown' };
    if (origin.kind !== 'template') return { keep: remarkOn(origin.kind) };
    if (origin.templateId === templateId) return { take: withdrawn };
    return { keep: givenOtherwise('given by another template') };
  };
}

function remarkOn(kind: Exclude<Provenance['kind'], 'template'>) {
  switch (kind) {
    case 'manual':
      return givenOtherwise('given by hand');
    case 'explicit':
      return givenOtherwise('the user was created with it');
    case 'implicit':
      return givenOtherwise('it came by itself');
    case 'unknown':
      return { code: 'unknown-origin', text: 'held before we looked', rule: 'R31a' } as const;
  }
}

function givenOtherwise(text: string) {
  return { code: 'given-otherwise', text, rule: 'R31a' } as const;
}

/** Also where a better thing is granted beside it: host (R35), or Contact Center Premium (R41). */
function isGranted({ entries }: Desired, target: ChangeTarget): boolean {
  return entries.some(({ kind, offer, site, attendeeFallback, rule }) => {
    if (target.kind === 'attendee') {
      return site === target.site && (kind === 'attendee' || attendeeFallback);
    }
    if (kind !== 'license' || site !== target.site) return false;
    const isStandardToo = rule === 'R41' && target.offer === contactCenterStandard;
    return offer === target.offer || isStandardToo;
  });
}

/**
 * What other templates grant in the place of something that goes: another account on the site, or
 * the other Contact Center license. A user who only lost theirs would end with neither (R40).
 */
function inPlaceOfLosses(
  { desired, held, attendeeSites }: WithdrawalInput,
  ifNotDesired: (target: ChangeTarget) => Treatment,
): Desired {
  const isGoing = (target: ChangeTarget) => 'take' in ifNotDesired(target);
  const licenses = held.filter((one) => one.position !== null && isGoing(licenseTarget(one)));
  const attended = attendeeSites.filter((site) => isGoing({ kind: 'attendee', site }));
  const sites = new Set([...licenses.flatMap(({ site }) => site ?? []), ...attended]);
  const losesAgents = licenses.some(({ offer }) => isContactCenter(offer));
  const entries = desired.entries.filter(
    ({ offer, site }) =>
      (site !== null && sites.has(site)) || (losesAgents && isContactCenter(offer)),
  );
  return { ...desired, entries };
}

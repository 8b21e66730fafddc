import type { Decision } from '../decide/decision';
import type { Policy } from '../decide/policy';
import type { LicenseIndex } from '../licenses/license-index';
import type { CallingOffers } from '../model/settings';
import type { Entitlement, Template } from '../model/template';
import type { PlanWarning } from '../model/warning';
import type { RolloutChange, RolloutRequest } from '../request/rollout-request';
import type { Desired } from '../templates/compose-templates';
import type { Candidate, KnownUser } from './candidate';
import type { PlanContext, TemplatesToPlan } from './plan-context';
import type { Reach } from './reach';

/** The change of one kind: `ChangeOf<'csv'>`. */
export type ChangeOf<Kind extends RolloutChange['kind']> = Extract<RolloutChange, { kind: Kind }>;

/** The terms of a request: which users it includes, and whether it removes anything from them. */
export type Terms = Pick<RolloutRequest, 'existingUsers' | 'preserveLicenses'>;

/**
 * Everything that differs between the kinds of change. Each kind is a file of this room with a
 * function that makes one of these from its change, and a line in `kind-of.ts`.
 */
export interface ChangeKind {
  /** One line that identifies a rollout for people. `templateName`: the name of its stored template. */
  title(terms: Terms, templateName: string): string;
  /** Why such a plan can never be started; null if it can. */
  neverStarts: string | null;
  /** Whether existing users are included by default (R16). */
  includesExistingUsers: boolean;

  /** Groups whose members have to be read although they may hold no template. */
  namedGroups: readonly string[];
  /** The decision depends on why users hold what they hold (R20, R22, R30, R31). */
  needsProvenance: boolean;
  /** Whether it can add Calling: then it is read of everybody whether they can have it (R62). */
  addsCalling: 'never' | 'if-granted' | 'always';
  /**
   * What it grants that templates in force and drafts may not grant: if it can be Calling, the read
   * before planning includes Calling details (R62).
   */
  ownGrants: readonly Pick<Entitlement, 'offer'>[] | 'anything';
  /** The stored revision that is planned with in place of the one in force. */
  storedRevision: { templateId: string; revision: number | 'latest' } | null;
  /** Throws `PlanImpossibleError` where its template isn't there any more. */
  planWith(inForce: readonly Template[], stored: Template | null): TemplatesToPlan;

  /** A template rolled out to the organization's existing users includes the explicit ones (R20). */
  includesExplicitUsers(plan: TemplatesToPlan, terms: Terms): boolean;
  /** Users get only what the entitlements of templates grant. */
  grantsEntitlements: boolean;
  /** It decides by memberships, so that vanished groups matter (R33). */
  readsMemberships: boolean;
  /** The users whom it can change. */
  reach(plan: TemplatesToPlan, terms: Terms): Reach;
  /** The decision about one user in reach. Null: the change isn't about this user. */
  decide(tools: DecideTools): (candidate: Candidate) => Decision | null;
  /** Warnings to read before a plan of this kind is started. */
  warnings(facts: WarningFacts): PlanWarning[];
}

export interface DecideTools extends Pick<PlanContext, keyof TemplatesToPlan | 'vanishedGroups'> {
  terms: Terms;
  /** R26: the setting, as it is now. */
  preservesOnTransition: boolean;
  callingOffers: CallingOffers;
  index: LicenseIndex;
  /** What all templates together grant a user (R11). */
  desiredBy: (user: Pick<KnownUser, 'groupIds' | 'isExplicit'>) => Desired;
  /** Decides by a policy, as all kinds do that add something. */
  decideBy: (policy: Policy, user: KnownUser) => Decision;
}

export interface WarningFacts extends Pick<PlanContext, 'templates'> {
  terms: Terms;
  /** Users whom the plan changes. */
  planned: number;
  /** Templates that grant users in scope what the plan turns off, and how many users (R59a). */
  stillGranting: readonly { name: string; users: number }[];
}

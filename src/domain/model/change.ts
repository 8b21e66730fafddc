import type { TemplateRef } from './template';

/** What Webex needs to add a Calling license: location, and a number or an extension (R62). */
export interface CallingProperties {
  locationId: string;
  phoneNumber?: string;
  extension?: string;
}

export type Operation = 'add' | 'remove';

/** What a change is about: a license id, or the attendee account on a site. */
export type ChangeTarget =
  | { kind: 'license'; licenseId: string; offer: string; site: string | null }
  | { kind: 'attendee'; site: string };
export type ReasonCode =
  /** A template grants it. */
  | 'granted'
  /** Something that a template grants needs it (R53, R56). */
  | 'required'
  /** No template grants it and preserve is off (R19, R13a). */
  | 'not-granted'
  /** Something better replaces it: host replaces attendee, Premium replaces Standard (R19b). */
  | 'replaced'
  /** A service is being turned off (R58, R59). */
  | 'service-off'
  /** It requires something that is being removed (R54). */
  | 'goes-with'
  /** A row of a CSV asks for it (R72). */
  | 'csv'
  /** An earlier rollout removed it, and it is added again (R81). */
  | 'restored'
  /** The template that added it no longer grants it (R30, R31). */
  | 'withdrawn'
  /** It is put back, because the other half of a replacement was refused (R40). */
  | 'put-back';
/** Why: a code for programs, one line for people, the rule, and the templates behind it. */
export interface Reason {
  code: ReasonCode;
  text: string;
  rule: string;
  templates: TemplateRef[];
}

/** One add or remove for one user, with one reason. */
export interface Change {
  operation: Operation;
  target: ChangeTarget;
  reason: Reason;
  /** Part of a replacement (R19b): made even with preserve on, and outside the removal budget. */
  replacement: boolean;
  /** Set on a host addition where attendee is granted as well: attendee while there is no unit (R36). */
  attendeeFallback?: true;
  /** Set on the addition of a Calling license (R62). */
  calling?: CallingProperties;
}

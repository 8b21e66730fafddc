import type { TemplateRef } from './template';

/** What goes with the addition of a Calling license: location, and a number or an extension (R62). */
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
  /** It gives way to a better one: attendee to host, Standard to Premium (R19b). */
  | 'replaced'
  /** A service is being turned off (R58, R59). */
  | 'service-off'
  /** It can't stay without something that is being removed (R54). */
  | 'goes-with'
  /** A row of a CSV says so (R72). */
  | 'csv'
  /** An earlier rollout took it, and it is given again (R81). */
  | 'restored'
  /** A template gave it and doesn't grant it any more (R30, R31). */
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
  /** Part of a replacement (R19b): done under preserve too, and outside the removal budget. */
  replacement: boolean;
  /** Set on a host addition to which attendee was granted, too: without a unit, attendee for now (R36). */
  attendeeFallback?: true;
  /** Set on the addition of a Calling license (R62). */
  calling?: CallingProperties;
}

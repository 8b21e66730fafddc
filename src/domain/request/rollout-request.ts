import type { Entitlement, TemplateScope } from '../model/template';
import type { Service } from '../model/license';

/** What a rollout is about. */
export type RolloutChange =
  | {
      kind: 'template';
      templateId: string;
      /** The revision to roll out: the pending draft where there is one, else the one in force. */
      revision: number;
      /** R31: what this revision no longer grants is removed from users who got it from the template. */
      removedServices?: { preserve: false };
    }
  /** R30 with `preserve: false`: the template ends, and what it added is removed. */
  | { kind: 'delete-template'; templateId: string }
  /** What a template not yet saved would do (a plan that can't be started). */
  | {
      kind: 'preview';
      scope: TemplateScope;
      name: string;
      entitlements: Entitlement[];
      /** Saving it would switch sides: templates of the other kind are left out (R2). */
      switchesSide?: true;
    }
  /** R71–R78. */
  | { kind: 'csv'; importId: string; mode: 'add' | 'add-and-remove' }
  /** What the watch found, waiting in `reaction` (R14–R29b). */
  | { kind: 'reconcile' }
  /** R81: adds again what a rollout of kind `remove-services` removed. */
  | { kind: 'restore-services'; rolloutId: string }
  | {
      kind: 'remove-services';
      services: Extract<Service, 'messaging' | 'calling'>[];
      from: { organization: true } | { groups: string[] } | { users: string[] };
    };

/** A number of users, or a share of them that `atLeast` can raise. Percents round up. */
export type SampleSize = { count: number } | { percent: number; atLeast?: number };

/** The users of the pilot: named users and groups, and a sample of the rest (R79). */
export interface Pilot {
  users: string[];
  groups: string[];
  sample: SampleSize | null;
}

/** A share of the users whom the plan changes, and how long to watch after it. */
export interface WaveSpec {
  size: SampleSize;
  /** Seconds between the last write of the wave and its gate. */
  soakSeconds: number;
}

export interface Guards {
  /** Plans that remove more licenses than this can't be started; null is no limit. */
  maxRemovals: number | null;
  /** The same, as a share of the users in scope who lose something. */
  maxRemovalPercent: number | null;
  /** The rollout halts when more than this share of the users written failed … */
  failurePercent: number;
  /** … and more than this number of users. */
  failureMin: number;
}

/** What a plan leaves out by name (R103). */
export interface Except {
  /** Persons' ids. */
  users: string[];
  /** Groups' ids: their members are left out. */
  groups: string[];
  /** `MS`, `EE`, `EE@acme.webex.com`, `attendee@acme.webex.com`: nobody's are changed. */
  offers: string[];
}

/** A rollout request with every default filled in; this is what is stored. */
export interface RolloutRequest {
  change: RolloutChange;
  existingUsers: boolean;
  preserveLicenses: boolean;
  /** Null: the pilot is waived by name. */
  pilot: Pilot | null;
  /** Absent: nobody and nothing is left out. */
  except?: Except;
  /** Seed of the sample and of the order of service. */
  seed: string;
  waves: WaveSpec[];
  gates: 'manual' | 'automatic';
  guards: Guards;
  acknowledgeIrreversible: boolean;
  reason: string;
}

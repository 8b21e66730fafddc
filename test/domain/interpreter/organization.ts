import type { Provenance } from '../../../src/domain/model/user';
import type { CompositionMode } from '../../../src/domain/model/template';

/**
 * An organization in plain words, for the interpreter. A thing is `MS`, `EE@a.webex.com` or
 * `attendee:a.webex.com`; a copy of it is `RTT#2`, where the number is its subscription's. The oldest
 * subscription has the lowest number, and no number means the first.
 */
export interface Organization {
  mode: CompositionMode;
  templates: TemplateInWords[];
  /** Units left of each copy that can run out; what isn't named never does. */
  units: Record<string, number>;
  /** Copies that the organization owns; people may hold others. */
  listed: string[];
  /** Last day of each subscription, by the number of its copies; what isn't named has no end. */
  ends: Record<string, string>;
  people: Person[];
}

export interface TemplateInWords {
  id: string;
  /** Null: the organization's. */
  group: string | null;
  things: string[];
}

export interface Person {
  id: string;
  isPerson: boolean;
  /** Copies, and attendee accounts. */
  holds: string[];
  groups: string[];
  isExplicit: boolean;
  administers: string[];
  /** The order names them as somebody to leave out. */
  isLeftOut: boolean;
  /** Things that they wait for since earlier orders. */
  waitsSince: string[];
  canHaveCalling: boolean;
  /** Of what they hold. */
  origins: Record<string, Provenance>;
}

/** What is to be done, to everybody whom it concerns. */
export type Order = Deed & {
  /** Offers that it leaves out: `EE`, `EE@a.webex.com`, `attendee@a.webex.com`. */
  leftOut?: string[];
};

export type Deed =
  | {
      kind: 'template';
      id: string;
      existingUsers: boolean;
      preserve: boolean;
      withdraws: boolean;
    }
  | { kind: 'delete'; template: TemplateInWords }
  | { kind: 'turn-off'; messaging: boolean; calling: boolean }
  | { kind: 'react'; how: Record<string, 'add' | 'exact' | 'new'> }
  | { kind: 'csv'; removes: boolean; cells: Record<string, Record<string, boolean>> }
  | { kind: 'restore'; taken: Record<string, string[]> };

/** What became of somebody. */
export interface Ending {
  holds: string[];
  /** Things that they should have and can't get now. */
  waitsFor: string[];
  /** Of those, hosts who are attendee until a unit is free (R36). */
  meanwhileAttendee: string[];
  /** Things that a rule forbids. */
  blocked: string[];
}

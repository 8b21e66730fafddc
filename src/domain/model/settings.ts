/** What an administrator sets once for an organization. */
import type { CompositionMode } from './template';

/** Order of subscriptions (R44); unlisted ones come last, by id. */
export interface SubscriptionOrder {
  id: string;
  /** ISO date, `2024-05-01`. */
  startsOn: string;
  /** Its last day; absent: it has no end. A user who holds an offer twice keeps what lasts longest (R45). */
  endsOn?: string | undefined;
}

/** Offer codes that Cisco doesn't publish (section I); absent ones are unknown to this organization. */
export interface CallingOffers {
  standard?: string;
  attendantConsole?: string;
  customerAssist?: string;
}

/** When verification reads users again, and when it stops (R80). */
export interface VerificationSchedule {
  /** Seconds before each read; the last interval repeats. */
  intervalsSeconds: number[];
  /** Seconds after the last write at which what hasn't arrived is `unconverged`. */
  deadlineSeconds: number;
}

/** What an administrator sets once for an organization. */
export interface OrgSettings {
  compositionMode: CompositionMode;
  subscriptions: SubscriptionOrder[];
  /** Sites where the attendee account feature is on (R38). */
  attendeeSites: string[];
  callingOffers: CallingOffers;
  verification: VerificationSchedule;
  /** R26: what is held before a join, a move, a leave or a group's deletion is kept. */
  preserveOnGroupTransition: boolean;
  /** R10: members of a group inside a group also get the outer group's template. */
  includeParentGroups: boolean;
  /** A member list that has shrunk by more than this since the last accepted one isn't believed (R88). */
  maxMemberDropPercent: number;
  /** Who administers which site: they can't be attendee there (R39). No API shows it. */
  siteAdministrators: SiteAdministrators[];
  watch: WatchSettings;
}

/** E-mail addresses in lower case. */
export interface SiteAdministrators {
  site: string;
  users: string[];
}

/** How the directory is watched for new users and group changes (R14). */
export interface WatchSettings {
  intervalSeconds: number;
  /** More users than this found at once become a rollout that waits for `start`. */
  floodLimit: number;
}

/** The family of an offer. */
export type Service = 'messaging' | 'meetings' | 'calling' | 'contact-center' | 'other';

/** `host` is a license on a site and uses a unit; `attendee` is a site URL and uses none (R34). */
export type AccountType = 'host' | 'attendee';

/** A license of the organization, as `GET /licenses` lists it. */
export interface License {
  id: string;
  /** Offer code from the id, never from the name: `FMS`, `MS`, `EE` … */
  offer: string;
  name: string;
  /** The meeting site, for meeting licenses. */
  site: string | null;
  /** Null for the free licenses, which are never short (R47). */
  subscriptionId: string | null;
  siteType: string | null;
  totalUnits: number;
  /** Users and workspaces together; null if Webex doesn't show them. */
  consumedUnits: number | null;
}

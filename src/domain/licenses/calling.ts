/** What Webex Calling needs of a user. */

/** What the directory says that Webex Calling needs (R62, R63). */
export interface CallingRecord {
  /** The location that the user's record or the number's entry in the inventory names. */
  locationId: string | null;
  /** Work phone as the directory has it. */
  workNumber: string | null;
  extension: string | null;
}

/** What goes with the addition of a Calling license: location, and a number or an extension (R62). */
export interface CallingProperties {
  locationId: string;
  phoneNumber?: string;
  extension?: string;
}

/** Whether a user can be given Calling (R62–R64, R69). */
export type CallingVerdict =
  | { can: true; properties: CallingProperties }
  | { can: false; cause: 'no-number' | 'bad-number'; text: string };

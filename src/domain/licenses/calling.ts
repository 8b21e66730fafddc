/** What Webex Calling needs of a user. */

import type { CallingProperties } from '../model/change';

/** The fields of the directory that Webex Calling needs (R62, R63). */
export interface CallingRecord {
  /** The location that the user's record or the number's entry in the inventory names. */
  locationId: string | null;
  /** Work phone as the directory has it. */
  workNumber: string | null;
  extension: string | null;
}

/** Whether a user can get Calling (R62–R64, R69). */
export type CallingVerdict =
  | { can: true; properties: CallingProperties }
  | { can: false; cause: 'no-number' | 'bad-number'; text: string };

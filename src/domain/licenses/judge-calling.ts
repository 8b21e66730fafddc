import type { CallingRecord, CallingVerdict } from './calling';
import type { CallingProperties } from '../model/change';
import { counted } from '../model/text/wording';

/** What the inventory of numbers shows for a work number (R63). */
export type NumberEntry =
  /** The inventory can't be read. */
  | { known: false }
  /** It was read and doesn't contain the number. */
  | { known: true; listed: false }
  | { known: true; listed: true; locationId: string | null; ownerId: string | null };

export interface JudgeCallingInput {
  personId: string;
  /** Null: no read has asked the directory for it. */
  record: CallingRecord | null;
  entry: NumberEntry;
  /** Other users of the directory whose record has the same work number. */
  othersWithNumber: number;
}

const e164 = /^\+[1-9]\d{6,14}$/;

/**
 * Whether a user can get Calling, and with which location, number and extension (R62, R63).
 *
 * | work number | extension | then                                                               |
 * |-------------|-----------|--------------------------------------------------------------------|
 * | none        | none      | `no-number`                                                        |
 * | none        | yes       | the extension at the record's location; without one `no-number`    |
 * | yes         | any       | the number where it is provisioned, with the extension; else `bad-number` |
 *
 * A number is used unchanged or not at all: it is never corrected, and no extension replaces a bad
 * one, because which of the two was meant is unknown.
 */
export function judgeCalling(input: JudgeCallingInput): CallingVerdict {
  const { record } = input;
  if (record === null) return noNumber('the directory has not been asked for a number yet');
  const { workNumber, extension, locationId } = record;
  if (workNumber !== null) return verdictOnNumber(input, workNumber, record);
  if (extension === null) {
    return noNumber('the directory has neither a work number nor an extension');
  }
  if (locationId === null) {
    return noNumber(`the directory has extension ${extension}, but no location for it`);
  }
  return { can: true, properties: { locationId, extension } };
}

function verdictOnNumber(
  input: JudgeCallingInput,
  number: string,
  { extension, locationId }: CallingRecord,
): CallingVerdict {
  const { entry } = input;
  const objection = objectionTo(input, number);
  if (objection !== null) return badNumber(number, objection);
  const place = entry.known && entry.listed ? entry.locationId : locationId;
  if (place === null) {
    const why = entry.known
      ? "isn't provisioned at any location"
      : "can't be looked up, and the directory names no location for the user";
    return badNumber(number, why);
  }
  const properties: CallingProperties = { locationId: place, phoneNumber: number };
  if (extension !== null) properties.extension = extension;
  return { can: true, properties };
}

/** Why a number can't be used, wherever the user is; null: it can. */
function objectionTo(
  { personId, entry, othersWithNumber }: JudgeCallingInput,
  number: string,
): string | null {
  if (!e164.test(number)) return 'is not an E.164 number with a leading +';
  if (entry.known && !entry.listed) return "isn't provisioned at any location";
  if (entry.known && entry.ownerId !== null && entry.ownerId !== personId) {
    return 'is assigned to another user';
  }
  if (othersWithNumber === 0) return null;
  return `is also the work number of ${counted(othersWithNumber, 'other user')}`;
}

function noNumber(text: string): CallingVerdict {
  return { can: false, cause: 'no-number', text };
}

function badNumber(number: string, why: string): CallingVerdict {
  return { can: false, cause: 'bad-number', text: `the work number ${number} ${why}` };
}

import { createHmac } from 'node:crypto';
import { at } from '../model/at';
import type { Holdings } from '../model/user';

/** What an export records about one user: its time, and a digest of what the user held (R77). */
export interface CsvStamp {
  exportedAt: Date;
  digest: string;
}

interface StampInput {
  orgId: string;
  personId: string;
  holdings: Holdings;
}

const pattern = /^v1_(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z_([0-9a-f]{32})$/;

/**
 * A digest of what one user of one organization holds, in any order. Unknown attendee accounts count
 * as none: a user found to have one later has changed.
 */
export function holdingsDigest({ orgId, personId, holdings }: StampInput): string {
  const licenses = [...new Set(holdings.licenses)].sort();
  const sites = [...new Set(holdings.attendeeSites ?? [])].sort();
  return createHmac('sha256', orgId)
    .update(JSON.stringify([personId, licenses, sites]))
    .digest('hex')
    .slice(0, 32);
}

/** A text that no spreadsheet reads as a number, a date or a formula. */
export function writeStamp(input: StampInput & { exportedAt: Date }): string {
  const time = input.exportedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return `v1_${time}_${holdingsDigest(input)}`;
}

/** Null: the text is not a stamp. */
export function readStamp(text: string): CsvStamp | null {
  const match = pattern.exec(text.trim());
  if (!match) return null;
  const date = [1, 2, 3].map((group) => at(match, group)).join('-');
  const time = `${date}T${[4, 5, 6].map((group) => at(match, group)).join(':')}Z`;
  const exportedAt = new Date(time);
  if (!(exportedAt.getUTCFullYear() >= 1)) return null;
  return { exportedAt, digest: at(match, 7) };
}

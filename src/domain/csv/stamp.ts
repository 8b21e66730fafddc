import { createHmac } from 'node:crypto';
import type { Holdings } from '../model/user';

/** What an export says about one user: when it was made, and a digest of what they held (R77). */
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
 * A digest of what one user of one organization holds, in any order. Attendee accounts that nothing
 * has told of count as none: whoever is found to have one later has changed.
 */
export function holdingsDigest({ orgId, personId, holdings }: StampInput): string {
  const licenses = [...new Set(holdings.licenses)].sort();
  const sites = [...new Set(holdings.attendeeSites ?? [])].sort();
  return createHmac('sha256', orgId)
    .update(JSON.stringify([personId, licenses, sites]))
    .digest('hex')
    .slice(0, 32);
}

/** Text that no spreadsheet takes for a number, a date or a formula. */
export function writeStamp(input: StampInput & { exportedAt: Date }): string {
  const time = input.exportedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  return `v1_${time}_${holdingsDigest(input)}`;
}

/** Null: this is no stamp. */
export function readStamp(text: string): CsvStamp | null {
  const match = pattern.exec(text.trim());
  if (!match) return null;
  const [year, month, day, hour, minute, second] = match.slice(1, 7);
  const time = `${year ?? ''}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}:${second ?? ''}Z`;
  const exportedAt = new Date(time);
  if (Number.isNaN(exportedAt.getTime())) return null;
  return { exportedAt, digest: match[7] ?? '' };
}

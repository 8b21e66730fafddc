import { createHmac, createSecretKey, type KeyObject } from 'node:crypto';
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
  return digestOf(createSecretKey(orgId, 'utf8'), personId, listed(holdings));
}

/** The stamp of a user who holds this: a text that no spreadsheet reads as a number, a date or a formula. */
export type Stamps = (user: Pick<StampInput, 'personId' | 'holdings'>) => string;

/** Users who hold the same, as the same object, share what the digest says of it. */
export function createStamps({ orgId, exportedAt }: { orgId: string; exportedAt: Date }): Stamps {
  const time = exportedAt.toISOString().replace(/[-:]|\.\d+/g, '');
  const key = createSecretKey(orgId, 'utf8');
  const known = new WeakMap<Holdings, string>();
  return ({ personId, holdings }) => {
    const held = known.get(holdings) ?? listed(holdings);
    known.set(holdings, held);
    return `v1_${time}_${digestOf(key, personId, held)}`;
  };
}

function digestOf(key: KeyObject, personId: string, held: string): string {
  return createHmac('sha256', key)
    .update(`[${JSON.stringify(personId)},${held}]`)
    .digest('hex')
    .slice(0, 32);
}

function listed({ licenses, attendeeSites }: Holdings): string {
  const sorted = (list: readonly string[]) => JSON.stringify([...new Set(list)].sort());
  return `${sorted(licenses)},${sorted(attendeeSites ?? [])}`;
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

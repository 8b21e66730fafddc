/** What planning needs to know of a user who may get Calling (R62, R63). */
import { sql } from 'drizzle-orm';
import { judgeCalling } from '../../domain/licenses/judge-calling';
import type { CallingRecord, CallingVerdict } from '../../domain/licenses/calling';

/** What the directory and the inventory of numbers say about one user. */
export interface PhoneRow {
  record: CallingRecord | null;
  isInventoryKnown: boolean;
  isListed: boolean;
  locationId: string | null;
  ownerId: string | null;
  others: number;
}

/** Of the user `u`: their record, the entry of their work number, and how many others have it. */
export const phoneColumn = sql`(SELECT jsonb_build_object('record', u.calling,
      'isInventoryKnown', g.numbers_read_at IS NOT NULL, 'isListed', n.number IS NOT NULL,
      'locationId', n.location_id, 'ownerId', n.owner_id,
      'others', (SELECT count(*) FROM directory_user s WHERE s.org_id = u.org_id
        AND s.calling->>'workNumber' = u.calling->>'workNumber' AND s.person_id <> u.person_id
        AND s.gone_at IS NULL))
    FROM organization g LEFT JOIN directory_number n
      ON n.org_id = g.org_id AND n.number = u.calling->>'workNumber'
    WHERE g.org_id = u.org_id)`;

export function callingOf(personId: string, phone: PhoneRow): CallingVerdict {
  const { record, isInventoryKnown, isListed, locationId, ownerId, others } = phone;
  return judgeCalling({
    personId,
    record,
    othersWithNumber: others,
    entry: !isInventoryKnown
      ? { known: false }
      : isListed
        ? { known: true, listed: true, locationId, ownerId }
        : { known: true, listed: false },
  });
}

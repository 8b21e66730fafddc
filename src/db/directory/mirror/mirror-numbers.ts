/** The inventory of phone numbers, where the token may read it (R63). */
import { sql } from 'drizzle-orm';
import type { Queryable } from '../../connect';

export interface MirroredNumber {
  number: string;
  locationId: string | null;
  ownerId: string | null;
  state: string | null;
}

/** Replaces the inventory whole; null: it can't be read, and nothing is known about any number. */
export async function mirrorNumbers(
  db: Queryable,
  orgId: string,
  numbers: readonly MirroredNumber[] | null,
): Promise<void> {
  const rows = (numbers ?? []).map(({ number, locationId, ownerId, state }) => ({
    number,
    location_id: locationId,
    owner_id: ownerId,
    state,
  }));
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      INSERT INTO directory_number (org_id, number, location_id, owner_id, state, read_at)
      SELECT ${orgId}, r.*, now() FROM jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
        AS r(number text, location_id text, owner_id text, state text)
      ON CONFLICT (org_id, number) DO UPDATE SET location_id = excluded.location_id,
        owner_id = excluded.owner_id, state = excluded.state, read_at = excluded.read_at`);
    await tx.execute(
      // `now()` is the same in the whole transaction.
      sql`DELETE FROM directory_number WHERE org_id = ${orgId} AND read_at < now()`,
    );
    await tx.execute(sql`
      UPDATE organization SET numbers_read_at = CASE WHEN ${numbers !== null} THEN now() END
      WHERE org_id = ${orgId}`);
  });
}

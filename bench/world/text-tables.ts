import { sql } from 'drizzle-orm';
import type { Db } from '../../src/db/connect';

const sampleSize = 20_000;

/** Indexes as 0.1.0 has them, where each entry repeats the ids of the row. */
const indexes = {
  directory_user: [
    'UNIQUE INDEX ON bench_text (org_id, person_id)',
    'INDEX ON bench_text (org_id, lower(email))',
    'INDEX ON bench_text USING gin (addresses)',
  ],
  rollout_user: [
    'UNIQUE INDEX ON bench_text (rollout_id, seq)',
    'UNIQUE INDEX ON bench_text (rollout_id, person_id)',
    'INDEX ON bench_text (rollout_id, outcome, seq)',
    'INDEX ON bench_text (org_id, person_id)',
  ],
} as const;

/** Bytes per row where each row writes its ids out: of the first users, in a table that is dropped again. */
export async function bytesAsText(db: Db, source: keyof typeof indexes): Promise<number> {
  const from = sql.raw(source);
  return await db.transaction(async (tx) => {
    await tx.execute(
      sql`CREATE TABLE bench_text AS SELECT * FROM ${from} LIMIT ${sql.raw(String(sampleSize))}`,
    );
    for (const index of indexes[source]) await tx.execute(sql.raw(`CREATE ${index}`));
    const { rows } = await tx.execute<{ bytes: string; count: string }>(sql`
      SELECT pg_total_relation_size('bench_text') AS bytes, (SELECT count(*) FROM bench_text) AS count`);
    await tx.execute(sql`DROP TABLE bench_text`);
    return Number(rows[0]?.bytes) / Number(rows[0]?.count);
  });
}

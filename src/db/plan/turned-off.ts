import { sql } from 'drizzle-orm';
import type { ReasonCode } from '../../domain/model/change';
import { textList } from '../sql';
import { grantKeyOf } from '../watch/waiting-changes';

/** Removals that somebody asked for by name: a service that was turned off, or FALSE in a file. */
const onPurpose: readonly ReasonCode[] = ['service-off', 'goes-with', 'csv'];

/**
 * What was turned off for the user `u` on purpose and not added since (R104), as `grantKey` names it;
 * null: nothing. The ledger's last entry about a license decides.
 */
export const turnedOffColumn = sql`(SELECT jsonb_agg(x.key ORDER BY x.key) FROM (
    SELECT DISTINCT ON (k.key) k.key, l.operation, l.change->'reason'->>'code' AS code
    FROM ledger l, LATERAL (SELECT l.change AS c) s, LATERAL (SELECT ${grantKeyOf} AS key) k
    WHERE l.org_id = u.org_id AND l.person_id = u.person_id
    ORDER BY k.key, l.ledger_id DESC) x
  WHERE x.operation = 'remove' AND x.code IN ${textList(onPurpose)})`;

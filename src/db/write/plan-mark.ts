/** Whether the check before a wave still holds for one user (R101), for statements that read `rollout` as `r`. */
import { sql } from 'drizzle-orm';

/** Changes with every revision that comes into force, every template that ends, and every save of settings. */
export const markNow = sql`((SELECT md5(coalesce(string_agg(
      t.template_id || '/' || t.in_force_revision, ',' ORDER BY t.template_id), ''))
    FROM template t
    WHERE t.org_id = r.org_id AND t.deleted_at IS NULL AND t.in_force_revision IS NOT NULL)
  || '/' || coalesce((SELECT s.version FROM org_settings s WHERE s.org_id = r.org_id), 0))`;

/** No template and no setting has changed since the check, and user `u` has joined no group since. */
export const isAsChecked = sql`(r.checked_mark IS NULL OR (r.checked_mark = ${markNow}
  AND NOT EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = u.org_id
    AND m.member_id = u.person_id AND m.first_seen_at > r.checked_at)))`;

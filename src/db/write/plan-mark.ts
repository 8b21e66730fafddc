/** Whether the check before a wave still holds for one user (R101), for statements that read `rollout` as `r`. */
import { sql } from 'drizzle-orm';

/**
 * Changes with every revision that comes into force, every template that ends, every save of settings, and
 * what concerns all members of a group: it vanishes, or a group inside it comes or goes.
 */
export const markNow = sql`((SELECT md5(coalesce(string_agg(
      t.template_id || '/' || t.in_force_revision, ',' ORDER BY t.template_id), ''))
    FROM template t
    WHERE t.org_id = r.org_id AND t.deleted_at IS NULL AND t.in_force_revision IS NOT NULL)
  || '/' || coalesce((SELECT s.version FROM org_settings s WHERE s.org_id = r.org_id), 0)
  || coalesce((SELECT '/' || extract(epoch FROM o.groups_changed_at) FROM organization o
    WHERE o.org_id = r.org_id), ''))`;

/**
 * No template and no setting has changed since the check, and user `u` has neither joined nor left a group
 * since, nor gone missing from one.
 */
export const isAsChecked = sql`(r.checked_mark IS NULL OR (r.checked_mark = ${markNow}
  AND NOT EXISTS (SELECT 1 FROM directory_member m WHERE m.org_id = u.org_id
    AND m.member_id = u.person_id AND greatest(m.first_seen_at, m.missing_since) > r.checked_at)
  AND NOT EXISTS (SELECT 1 FROM directory_user d WHERE d.org_id = u.org_id
    AND d.person_id = u.person_id AND d.left_group_at > r.checked_at)))`;

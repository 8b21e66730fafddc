DROP TABLE "directory_member" CASCADE;--> statement-breakpoint
DROP TABLE "directory_user" CASCADE;--> statement-breakpoint
CREATE VIEW "directory_user" AS
SELECT o.org_id, u.person_id, u.email,
  CASE WHEN u.addresses IS NULL THEN jsonb_build_array(u.email) ELSE to_jsonb(u.addresses) END AS addresses,
  u.display_name, u.kind, u.status, u.invite_pending, u.login_enabled, u.created_at,
  (SELECT h.licenses FROM mirror_holdings h WHERE h.holdings_no = u.holdings_no) AS licenses,
  (SELECT h.attendee_sites FROM mirror_holdings h WHERE h.holdings_no = u.holdings_no) AS attendee_sites,
  u.read_at, u.seen_in::bigint AS seen_in, u.missing_since, u.missing_checks::integer AS missing_checks,
  u.counted_at, u.not_found_at, u.answered, u.answered_at, u.first_seen_at,
  (SELECT h.licenses FROM mirror_holdings h WHERE h.holdings_no = u.first_holdings_no) AS first_licenses,
  u.is_new, u.only_gains, u.is_explicit, u.returned_at, u.watched_at, u.calling, u.left_group_at, u.gone_at,
  u.user_no, u.org_no, u.holdings_no
FROM mirror_user u JOIN org_number o ON o.org_no = u.org_no;
--> statement-breakpoint
CREATE VIEW "directory_member" AS
SELECT o.org_id, g.group_id, u.person_id AS member_id, 'user'::text AS type, m.first_seen_at,
  m.missing_since, m.missing_checks::integer AS missing_checks, m.counted_at
FROM org_number o
  JOIN group_number g ON g.org_no = o.org_no
  JOIN mirror_member m ON m.group_no = g.group_no
  JOIN mirror_user u ON u.user_no = m.user_no AND u.org_no = o.org_no
UNION ALL
SELECT o.org_id, g.group_id, m.member_id, m.type, m.first_seen_at,
  m.missing_since, m.missing_checks::integer AS missing_checks, m.counted_at
FROM org_number o
  JOIN group_number g ON g.org_no = o.org_no
  JOIN mirror_other_member m ON m.group_no = g.group_no;

CREATE TABLE "mirror_seen" (
	"org_no" integer NOT NULL,
	"read_id" integer NOT NULL,
	"users" "int4multirange" NOT NULL
);
--> statement-breakpoint
ALTER TABLE "mirror_user" ADD COLUMN "shown_hash" bigint;--> statement-breakpoint
ALTER TABLE "mirror_user" ADD COLUMN "calling_hash" bigint;--> statement-breakpoint
ALTER TABLE "org_number" ADD COLUMN "people_read_id" integer;--> statement-breakpoint
ALTER TABLE "org_number" ADD COLUMN "people_read_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "mirror_seen_by_read" ON "mirror_seen" USING btree ("org_no","read_id");
--> statement-breakpoint
CREATE OR REPLACE VIEW "directory_user" AS
SELECT o.org_id, u.person_id, u.email,
  CASE WHEN u.addresses IS NULL THEN jsonb_build_array(u.email) ELSE to_jsonb(u.addresses) END AS addresses,
  u.display_name, u.kind, u.status, u.invite_pending, u.login_enabled, u.created_at,
  (SELECT h.licenses FROM mirror_holdings h WHERE h.holdings_no = u.holdings_no) AS licenses,
  (SELECT h.attendee_sites FROM mirror_holdings h WHERE h.holdings_no = u.holdings_no) AS attendee_sites,
  CASE WHEN u.missing_since IS NULL AND u.gone_at IS NULL THEN greatest(u.read_at, o.people_read_at)
    ELSE u.read_at END AS read_at,
  CASE WHEN u.missing_since IS NULL AND u.gone_at IS NULL THEN greatest(u.seen_in, o.people_read_id)
    ELSE u.seen_in END::bigint AS seen_in,
  u.missing_since, u.missing_checks::integer AS missing_checks,
  u.counted_at, u.not_found_at, u.answered, u.answered_at, u.first_seen_at,
  (SELECT h.licenses FROM mirror_holdings h WHERE h.holdings_no = u.first_holdings_no) AS first_licenses,
  u.is_new, u.only_gains, u.is_explicit, u.returned_at, u.watched_at, u.calling, u.left_group_at, u.gone_at,
  u.user_no, u.org_no, u.holdings_no
FROM mirror_user u JOIN org_number o ON o.org_no = u.org_no;

CREATE TABLE "group_number" (
	"group_no" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "group_number_group_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"org_no" integer NOT NULL,
	"group_id" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mirror_holdings" (
	"holdings_no" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mirror_holdings_holdings_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"org_no" integer NOT NULL,
	"licenses" jsonb NOT NULL,
	"attendee_sites" jsonb,
	"digest" uuid NOT NULL
);
--> statement-breakpoint
CREATE TABLE "mirror_member" (
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"missing_since" timestamp with time zone,
	"counted_at" timestamp with time zone,
	"group_no" integer NOT NULL,
	"missing_checks" smallint DEFAULT 0 NOT NULL,
	"user_no" integer NOT NULL,
	CONSTRAINT "mirror_member_user_no_group_no_pk" PRIMARY KEY("user_no","group_no")
);
--> statement-breakpoint
CREATE TABLE "mirror_other_member" (
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"missing_since" timestamp with time zone,
	"counted_at" timestamp with time zone,
	"group_no" integer NOT NULL,
	"missing_checks" smallint DEFAULT 0 NOT NULL,
	"member_id" text NOT NULL,
	"type" text NOT NULL,
	CONSTRAINT "mirror_other_member_group_no_member_id_pk" PRIMARY KEY("group_no","member_id")
);
--> statement-breakpoint
CREATE TABLE "mirror_user" (
	"created_at" timestamp with time zone,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"read_at" timestamp with time zone NOT NULL,
	"missing_since" timestamp with time zone,
	"counted_at" timestamp with time zone,
	"not_found_at" timestamp with time zone,
	"answered_at" timestamp with time zone,
	"returned_at" timestamp with time zone,
	"watched_at" timestamp with time zone,
	"left_group_at" timestamp with time zone,
	"gone_at" timestamp with time zone,
	"user_no" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "mirror_user_user_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"org_no" integer NOT NULL,
	"holdings_no" integer NOT NULL,
	"first_holdings_no" integer NOT NULL,
	"seen_in" integer DEFAULT 0 NOT NULL,
	"missing_checks" smallint DEFAULT 0 NOT NULL,
	"is_new" boolean DEFAULT false NOT NULL,
	"only_gains" boolean DEFAULT false NOT NULL,
	"is_explicit" boolean DEFAULT false NOT NULL,
	"invite_pending" boolean,
	"login_enabled" boolean,
	"person_id" text NOT NULL,
	"email" text NOT NULL,
	"addresses" text[],
	"display_name" text NOT NULL,
	"kind" text NOT NULL,
	"status" text,
	"answered" jsonb,
	"calling" jsonb
);
--> statement-breakpoint
CREATE TABLE "org_number" (
	"org_no" integer PRIMARY KEY GENERATED ALWAYS AS IDENTITY (sequence name "org_number_org_no_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 2147483647 START WITH 1 CACHE 1),
	"org_id" text NOT NULL,
	CONSTRAINT "org_number_org_id_unique" UNIQUE("org_id")
);
--> statement-breakpoint
CREATE UNIQUE INDEX "group_number_by_id" ON "group_number" USING btree ("org_no","group_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mirror_holdings_by_digest" ON "mirror_holdings" USING btree ("org_no","digest");--> statement-breakpoint
INSERT INTO "org_number" ("org_id")
SELECT "org_id" FROM "directory_user" UNION SELECT "org_id" FROM "directory_member" ORDER BY 1;
--> statement-breakpoint
INSERT INTO "group_number" ("org_no", "group_id")
SELECT DISTINCT o."org_no", m."group_id" FROM "directory_member" m JOIN "org_number" o USING ("org_id")
ORDER BY 1, 2;
--> statement-breakpoint
INSERT INTO "mirror_holdings" ("org_no", "licenses", "attendee_sites", "digest")
SELECT o."org_no", l."licenses", l."attendee_sites", l."digest"
FROM (
  SELECT "org_id", "licenses", "attendee_sites",
    md5("licenses"::text || coalesce('/' || "attendee_sites"::text, ''))::uuid AS "digest"
  FROM "directory_user"
  UNION
  SELECT "org_id", "first_licenses", NULL, md5("first_licenses"::text)::uuid
  FROM "directory_user" WHERE "first_licenses" <> "licenses"
) l JOIN "org_number" o USING ("org_id");
--> statement-breakpoint
ANALYZE "org_number", "group_number", "mirror_holdings";
--> statement-breakpoint
INSERT INTO "mirror_user" ("created_at", "first_seen_at", "read_at", "missing_since", "counted_at",
  "not_found_at", "answered_at", "returned_at", "watched_at", "left_group_at", "gone_at", "org_no",
  "holdings_no", "first_holdings_no", "seen_in", "missing_checks", "is_new", "only_gains", "is_explicit",
  "invite_pending", "login_enabled", "person_id", "email", "addresses", "display_name", "kind", "status",
  "answered", "calling")
SELECT u."created_at", u."first_seen_at", u."read_at", u."missing_since", u."counted_at", u."not_found_at",
  u."answered_at", u."returned_at", u."watched_at", u."left_group_at", u."gone_at", o."org_no",
  h."holdings_no", coalesce(f."holdings_no", h."holdings_no"), u."seen_in", u."missing_checks", u."is_new",
  u."only_gains", u."is_explicit", u."invite_pending", u."login_enabled", u."person_id", u."email",
  CASE WHEN u."addresses" <> jsonb_build_array(u."email")
    THEN ARRAY(SELECT jsonb_array_elements_text(u."addresses")) END,
  u."display_name", u."kind", u."status", u."answered", u."calling"
FROM "directory_user" u
  JOIN "org_number" o USING ("org_id")
  JOIN "mirror_holdings" h ON h."org_no" = o."org_no"
    AND h."digest" = md5(u."licenses"::text || coalesce('/' || u."attendee_sites"::text, ''))::uuid
  LEFT JOIN "mirror_holdings" f ON u."first_licenses" <> u."licenses" AND f."org_no" = o."org_no"
    AND f."digest" = md5(u."first_licenses"::text)::uuid
ORDER BY o."org_no", u."person_id";
--> statement-breakpoint
CREATE INDEX "mirror_member_by_group" ON "mirror_member" USING btree ("group_no");--> statement-breakpoint
CREATE INDEX "mirror_member_missing" ON "mirror_member" USING btree ("group_no") WHERE missing_since IS NOT NULL;--> statement-breakpoint
CREATE INDEX "mirror_other_member_by_member" ON "mirror_other_member" USING btree ("member_id");--> statement-breakpoint
CREATE UNIQUE INDEX "mirror_user_by_person" ON "mirror_user" USING btree ("org_no","person_id");--> statement-breakpoint
CREATE INDEX "mirror_user_by_email" ON "mirror_user" USING btree ("org_no",lower("email"));--> statement-breakpoint
CREATE INDEX "mirror_user_by_address" ON "mirror_user" USING gin ("addresses") WHERE addresses IS NOT NULL;--> statement-breakpoint
CREATE INDEX "mirror_user_unwatched" ON "mirror_user" USING btree ("org_no") WHERE watched_at IS NULL AND gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "mirror_user_missing" ON "mirror_user" USING btree ("org_no","person_id") WHERE missing_since IS NOT NULL AND gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "mirror_user_by_work_number" ON "mirror_user" USING btree ("org_no",("calling"->>'workNumber')) WHERE "mirror_user"."calling"->>'workNumber' IS NOT NULL;
--> statement-breakpoint
ANALYZE "mirror_user";
--> statement-breakpoint
INSERT INTO "mirror_member" ("first_seen_at", "missing_since", "counted_at", "group_no", "missing_checks",
  "user_no")
SELECT m."first_seen_at", m."missing_since", m."counted_at", g."group_no", m."missing_checks", u."user_no"
FROM "directory_member" m
  JOIN "org_number" o USING ("org_id")
  JOIN "group_number" g ON g."org_no" = o."org_no" AND g."group_id" = m."group_id"
  JOIN "mirror_user" u ON u."org_no" = o."org_no" AND u."person_id" = m."member_id"
WHERE m."type" = 'user';
--> statement-breakpoint
INSERT INTO "mirror_other_member" ("first_seen_at", "missing_since", "counted_at", "group_no",
  "missing_checks", "member_id", "type")
SELECT m."first_seen_at", m."missing_since", m."counted_at", g."group_no", m."missing_checks",
  m."member_id", m."type"
FROM "directory_member" m
  JOIN "org_number" o USING ("org_id")
  JOIN "group_number" g ON g."org_no" = o."org_no" AND g."group_id" = m."group_id"
  LEFT JOIN "mirror_user" u ON u."org_no" = o."org_no" AND u."person_id" = m."member_id"
WHERE m."type" <> 'user' OR u."user_no" IS NULL;
--> statement-breakpoint
ANALYZE "mirror_member", "mirror_other_member";

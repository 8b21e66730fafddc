CREATE TABLE "directory_belief" (
	"org_id" text NOT NULL,
	"list" text NOT NULL,
	"accepted_count" integer,
	"accepted_at" timestamp with time zone,
	"accepted_other" integer,
	"other_count" integer,
	"other_source" text,
	"refusal" text,
	"refused_before" integer,
	"refused_now" integer,
	"refused_missing" integer,
	"refused_since" timestamp with time zone,
	"refused_at" timestamp with time zone,
	"refused_reads" integer DEFAULT 0 NOT NULL,
	"grant_missing" integer,
	"granted_by" text,
	"grant_reason" text,
	"granted_at" timestamp with time zone,
	CONSTRAINT "directory_belief_org_id_list_pk" PRIMARY KEY("org_id","list")
);
--> statement-breakpoint
CREATE TABLE "directory_read" (
	"read_id" bigserial PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"started_at" timestamp with time zone DEFAULT now() NOT NULL,
	"pending" jsonb
);
--> statement-breakpoint
ALTER TABLE "directory_group" ADD COLUMN "seen_in" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_group" ADD COLUMN "not_found_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_license" ADD COLUMN "seen_in" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_license" ADD COLUMN "missing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_license" ADD COLUMN "missing_checks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_member" ADD COLUMN "missing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_member" ADD COLUMN "missing_checks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "seen_in" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "missing_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "missing_checks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "not_found_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "provenance" ADD COLUMN "missed_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "directory_user_missing" ON "directory_user" USING btree ("org_id","person_id") WHERE missing_since IS NOT NULL AND gone_at IS NULL;
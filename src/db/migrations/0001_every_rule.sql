CREATE TABLE "csv_import" (
	"org_id" text NOT NULL,
	"import_id" uuid PRIMARY KEY NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"users" integer NOT NULL,
	"stale_users" integer NOT NULL,
	"exported_at" timestamp with time zone,
	"columns" jsonb NOT NULL,
	"remarks" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "csv_row" (
	"org_id" text NOT NULL,
	"import_id" uuid NOT NULL,
	"person_id" text NOT NULL,
	"line" integer NOT NULL,
	"wish" jsonb NOT NULL,
	CONSTRAINT "csv_row_import_id_person_id_pk" PRIMARY KEY("import_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "directory_number" (
	"org_id" text NOT NULL,
	"number" text NOT NULL,
	"location_id" text,
	"owner_id" text,
	"state" text,
	"read_at" timestamp with time zone NOT NULL,
	CONSTRAINT "directory_number_org_id_number_pk" PRIMARY KEY("org_id","number")
);
--> statement-breakpoint
CREATE TABLE "provenance" (
	"org_id" text NOT NULL,
	"person_id" text NOT NULL,
	"target" text NOT NULL,
	"kind" text NOT NULL,
	"template_id" text,
	"revision" integer,
	"rollout_id" uuid NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	"ended_at" timestamp with time zone,
	CONSTRAINT "provenance_org_id_person_id_target_pk" PRIMARY KEY("org_id","person_id","target")
);
--> statement-breakpoint
CREATE TABLE "feedback" (
	"feedback_id" bigserial PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"rollout_id" uuid NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"recorded_by" text NOT NULL,
	"person_id" text,
	"verdict" text NOT NULL,
	"text" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "reaction" (
	"reaction_id" bigserial PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"person_id" text NOT NULL,
	"mode" text NOT NULL,
	"causes" jsonb NOT NULL,
	"found_at" timestamp with time zone DEFAULT now() NOT NULL,
	"rollout_id" uuid,
	"settled_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "watch_group" (
	"org_id" text NOT NULL,
	"group_id" text NOT NULL,
	"since" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "watch_group_org_id_group_id_pk" PRIMARY KEY("org_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "watch_member" (
	"org_id" text NOT NULL,
	"group_id" text NOT NULL,
	"person_id" text NOT NULL,
	CONSTRAINT "watch_member_org_id_group_id_person_id_pk" PRIMARY KEY("org_id","group_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "watch_state" (
	"org_id" text PRIMARY KEY NOT NULL,
	"baseline_at" timestamp with time zone,
	"cursor" jsonb DEFAULT '{}'::jsonb NOT NULL,
	"looked_at" timestamp with time zone,
	"read_by" text,
	"last_error" text,
	"looks" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
DROP INDEX "rollout_one_writing";--> statement-breakpoint
ALTER TABLE "directory_group" ADD COLUMN "source" text;--> statement-breakpoint
ALTER TABLE "directory_group" ADD COLUMN "missed_looks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_group" ADD COLUMN "deleted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "first_licenses" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "is_new" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "is_explicit" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "watched_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "calling" jsonb;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "automatic" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "taken_up_by" uuid;--> statement-breakpoint
ALTER TABLE "template" ADD COLUMN "ending_rollout_id" uuid;--> statement-breakpoint
CREATE INDEX "provenance_by_template" ON "provenance" USING btree ("org_id","template_id");--> statement-breakpoint
CREATE INDEX "feedback_by_rollout" ON "feedback" USING btree ("rollout_id","feedback_id");--> statement-breakpoint
CREATE UNIQUE INDEX "reaction_one_waiting" ON "reaction" USING btree ("org_id","person_id") WHERE rollout_id IS NULL AND settled_at IS NULL;--> statement-breakpoint
CREATE INDEX "reaction_by_rollout" ON "reaction" USING btree ("rollout_id");--> statement-breakpoint
CREATE INDEX "reaction_by_person" ON "reaction" USING btree ("org_id","person_id");--> statement-breakpoint
CREATE INDEX "watch_member_by_person" ON "watch_member" USING btree ("org_id","person_id");--> statement-breakpoint
CREATE INDEX "rollout_user_waiting" ON "rollout_user" USING btree ("org_id","person_id") WHERE pending IS NOT NULL AND taken_up_by IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "rollout_one_writing" ON "rollout" USING btree ("org_id") WHERE phase IN ('piloting', 'awaiting-promotion', 'rolling-out', 'halted', 'rolling-back') AND NOT automatic;--> statement-breakpoint
UPDATE "directory_user" SET "first_licenses" = "licenses";

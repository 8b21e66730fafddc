CREATE TABLE "audit_event" (
	"audit_id" bigserial PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"role" text NOT NULL,
	"action" text NOT NULL,
	"target" text NOT NULL,
	"details" jsonb DEFAULT '{}'::jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "credential" (
	"credential_id" text PRIMARY KEY NOT NULL,
	"ciphertext" text NOT NULL,
	"access_expires_at" timestamp with time zone NOT NULL,
	"refresh_expires_at" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "idempotency_key" (
	"org_id" text NOT NULL,
	"key" text NOT NULL,
	"request_hash" text NOT NULL,
	"status" integer NOT NULL,
	"location" text,
	"body" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "idempotency_key_org_id_key_pk" PRIMARY KEY("org_id","key")
);
--> statement-breakpoint
CREATE TABLE "org_pace" (
	"org_id" text PRIMARY KEY NOT NULL,
	"state" jsonb NOT NULL,
	"not_before" timestamp with time zone,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "org_settings" (
	"org_id" text PRIMARY KEY NOT NULL,
	"settings" jsonb NOT NULL,
	"version" integer DEFAULT 1 NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "organization" (
	"org_id" text PRIMARY KEY NOT NULL,
	"org_uuid" uuid NOT NULL,
	"display_name" text NOT NULL,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"observed_at" timestamp with time zone,
	"numbers_read_at" timestamp with time zone,
	"credential_report" jsonb,
	CONSTRAINT "organization_org_uuid_unique" UNIQUE("org_uuid")
);
--> statement-breakpoint
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
CREATE TABLE "directory_group" (
	"org_id" text NOT NULL,
	"group_id" text NOT NULL,
	"display_name" text NOT NULL,
	"member_size" integer,
	"is_location" boolean NOT NULL,
	"source" text,
	"usage" text,
	"missed_looks" integer DEFAULT 0 NOT NULL,
	"deleted_at" timestamp with time zone,
	"members_read_at" timestamp with time zone,
	"read_at" timestamp with time zone NOT NULL,
	"gone_at" timestamp with time zone,
	CONSTRAINT "directory_group_org_id_group_id_pk" PRIMARY KEY("org_id","group_id")
);
--> statement-breakpoint
CREATE TABLE "directory_license" (
	"org_id" text NOT NULL,
	"license_id" text NOT NULL,
	"offer" text NOT NULL,
	"name" text NOT NULL,
	"site" text,
	"subscription_id" text,
	"site_type" text,
	"total_units" double precision NOT NULL,
	"consumed_units" double precision,
	"read_at" timestamp with time zone NOT NULL,
	"gone_at" timestamp with time zone,
	CONSTRAINT "directory_license_org_id_license_id_pk" PRIMARY KEY("org_id","license_id")
);
--> statement-breakpoint
CREATE TABLE "directory_member" (
	"org_id" text NOT NULL,
	"group_id" text NOT NULL,
	"member_id" text NOT NULL,
	"type" text NOT NULL,
	CONSTRAINT "directory_member_org_id_group_id_member_id_pk" PRIMARY KEY("org_id","group_id","member_id")
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
CREATE TABLE "directory_user" (
	"org_id" text NOT NULL,
	"person_id" text NOT NULL,
	"email" text NOT NULL,
	"display_name" text NOT NULL,
	"kind" text NOT NULL,
	"status" text,
	"invite_pending" boolean,
	"login_enabled" boolean,
	"created_at" timestamp with time zone,
	"licenses" jsonb NOT NULL,
	"attendee_sites" jsonb,
	"read_at" timestamp with time zone NOT NULL,
	"answered" jsonb,
	"answered_at" timestamp with time zone,
	"first_seen_at" timestamp with time zone DEFAULT now() NOT NULL,
	"first_licenses" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"is_new" boolean DEFAULT false NOT NULL,
	"is_explicit" boolean DEFAULT false NOT NULL,
	"watched_at" timestamp with time zone,
	"calling" jsonb,
	"gone_at" timestamp with time zone,
	CONSTRAINT "directory_user_org_id_person_id_pk" PRIMARY KEY("org_id","person_id")
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
CREATE TABLE "ledger" (
	"ledger_id" bigserial PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"person_id" text NOT NULL,
	"rollout_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"operation" text NOT NULL,
	"target" text NOT NULL,
	"change" jsonb NOT NULL,
	"actor" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "pending_action" (
	"update_id" text PRIMARY KEY NOT NULL,
	"org_id" text NOT NULL,
	"rollout_id" uuid NOT NULL,
	"workflow_id" text NOT NULL,
	"update_name" text NOT NULL,
	"input" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"settled_at" timestamp with time zone,
	"result" text
);
--> statement-breakpoint
CREATE TABLE "rollout" (
	"org_id" text NOT NULL,
	"rollout_id" uuid PRIMARY KEY NOT NULL,
	"request" jsonb NOT NULL,
	"title" text NOT NULL,
	"automatic" boolean DEFAULT false NOT NULL,
	"template_id" uuid,
	"template_revision" integer,
	"phase" text NOT NULL,
	"phase_version" integer DEFAULT 1 NOT NULL,
	"paused" boolean DEFAULT false NOT NULL,
	"hold" text,
	"guard_from" jsonb,
	"phase_reason" text,
	"halted_from" text,
	"waiting_for" text,
	"wave" smallint,
	"summary" jsonb,
	"digest" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	"planned_at" timestamp with time zone,
	"expires_at" timestamp with time zone,
	"started_at" timestamp with time zone,
	"started_by" text,
	"last_write_at" timestamp with time zone,
	"deadline_at" timestamp with time zone,
	"ended_at" timestamp with time zone,
	"workflow_id" text NOT NULL,
	"retries" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rollout_user" (
	"org_id" text NOT NULL,
	"rollout_id" uuid NOT NULL,
	"seq" integer NOT NULL,
	"person_id" text NOT NULL,
	"email" text NOT NULL,
	"display_name" text NOT NULL,
	"wave" smallint,
	"step" smallint,
	"before" jsonb NOT NULL,
	"changes" jsonb NOT NULL,
	"kept" jsonb NOT NULL,
	"blocked" jsonb NOT NULL,
	"waiting" jsonb NOT NULL,
	"expected" jsonb NOT NULL,
	"pending" text,
	"outcome" text NOT NULL,
	"refused" jsonb,
	"detail" text,
	"put_back" jsonb,
	"attempts" smallint DEFAULT 0 NOT NULL,
	"intent_at" timestamp with time zone,
	"in_flight_until" timestamp with time zone,
	"written_at" timestamp with time zone,
	"answered" jsonb,
	"converged_at" timestamp with time zone,
	"repeated_at" timestamp with time zone,
	"tracking_id" text,
	"taken_up_by" uuid,
	CONSTRAINT "rollout_user_rollout_id_seq_pk" PRIMARY KEY("rollout_id","seq")
);
--> statement-breakpoint
CREATE TABLE "template" (
	"org_id" text NOT NULL,
	"template_id" uuid PRIMARY KEY NOT NULL,
	"scope" text NOT NULL,
	"group_id" text,
	"name" text NOT NULL,
	"latest_revision" integer NOT NULL,
	"in_force_revision" integer,
	"draft_revision" integer,
	"draft_rollout_id" uuid,
	"ending_rollout_id" uuid,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	"deleted_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "template_revision" (
	"org_id" text NOT NULL,
	"template_id" uuid NOT NULL,
	"revision" integer NOT NULL,
	"entitlements" jsonb NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"created_by" text NOT NULL,
	CONSTRAINT "template_revision_template_id_revision_pk" PRIMARY KEY("template_id","revision")
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
	"closed_at" timestamp with time zone
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
CREATE INDEX "audit_event_by_org" ON "audit_event" USING btree ("org_id","audit_id");--> statement-breakpoint
CREATE INDEX "directory_member_by_member" ON "directory_member" USING btree ("org_id","member_id");--> statement-breakpoint
CREATE INDEX "directory_user_by_email" ON "directory_user" USING btree ("org_id",lower("email"));--> statement-breakpoint
CREATE INDEX "directory_user_unwatched" ON "directory_user" USING btree ("org_id","person_id") WHERE watched_at IS NULL AND gone_at IS NULL;--> statement-breakpoint
CREATE INDEX "directory_user_by_work_number" ON "directory_user" USING btree ("org_id",("calling"->>'workNumber')) WHERE "directory_user"."calling"->>'workNumber' IS NOT NULL;--> statement-breakpoint
CREATE INDEX "provenance_by_template" ON "provenance" USING btree ("org_id","template_id");--> statement-breakpoint
CREATE INDEX "feedback_by_rollout" ON "feedback" USING btree ("rollout_id","feedback_id");--> statement-breakpoint
CREATE INDEX "ledger_by_person" ON "ledger" USING btree ("org_id","person_id","ledger_id");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_once" ON "ledger" USING btree ("rollout_id","seq","operation","target");--> statement-breakpoint
CREATE INDEX "rollout_by_org" ON "rollout" USING btree ("org_id","created_at");--> statement-breakpoint
CREATE UNIQUE INDEX "rollout_one_writing" ON "rollout" USING btree ("org_id") WHERE phase IN ('piloting', 'awaiting-promotion', 'rolling-out', 'halted') AND NOT automatic;--> statement-breakpoint
CREATE UNIQUE INDEX "rollout_user_once" ON "rollout_user" USING btree ("rollout_id","person_id");--> statement-breakpoint
CREATE INDEX "rollout_user_by_outcome" ON "rollout_user" USING btree ("rollout_id","outcome","seq");--> statement-breakpoint
CREATE INDEX "rollout_user_by_person" ON "rollout_user" USING btree ("org_id","person_id");--> statement-breakpoint
CREATE INDEX "rollout_user_waiting" ON "rollout_user" USING btree ("org_id","person_id") WHERE pending IS NOT NULL AND taken_up_by IS NULL;--> statement-breakpoint
CREATE INDEX "rollout_user_in_flight" ON "rollout_user" USING btree ("rollout_id") WHERE in_flight_until IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "rollout_user_one_open" ON "rollout_user" USING btree ("org_id","person_id") WHERE outcome = 'planned' AND intent_at IS NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "template_one_per_organization" ON "template" USING btree ("org_id") WHERE scope = 'organization' AND deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "template_one_per_group" ON "template" USING btree ("org_id","group_id") WHERE scope = 'group' AND deleted_at IS NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "reaction_one_waiting" ON "reaction" USING btree ("org_id","person_id") WHERE rollout_id IS NULL AND closed_at IS NULL;--> statement-breakpoint
CREATE INDEX "reaction_by_rollout" ON "reaction" USING btree ("rollout_id");--> statement-breakpoint
CREATE INDEX "reaction_by_person" ON "reaction" USING btree ("org_id","person_id");--> statement-breakpoint
CREATE INDEX "watch_member_by_person" ON "watch_member" USING btree ("org_id","person_id");
ALTER TABLE "directory_group" ADD COLUMN "first_seen_at" timestamp with time zone DEFAULT now();--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "only_gains" boolean DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "returned_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "template" ADD COLUMN "successor_group_id" text;--> statement-breakpoint
ALTER TABLE "reaction" ADD COLUMN "attempts" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "reaction" ADD COLUMN "not_before" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "reaction" ADD COLUMN "failure" text;--> statement-breakpoint
ALTER TABLE "reaction" ADD COLUMN "gave_up_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "reaction_given_up" ON "reaction" USING btree ("org_id","person_id") WHERE gave_up_at IS NOT NULL;--> statement-breakpoint
-- When the groups that are known already first appeared was never recorded.
UPDATE "directory_group" SET "first_seen_at" = NULL;

DROP INDEX "rollout_user_owed";--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "owed_tries" smallint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "owed_next_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "restored" jsonb;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "restored_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "rollout_user_restored" ON "rollout_user" USING btree ("org_id") WHERE restored IS NOT NULL;--> statement-breakpoint
CREATE INDEX "rollout_user_owed" ON "rollout_user" USING btree ("org_id") WHERE put_back IS NOT NULL;
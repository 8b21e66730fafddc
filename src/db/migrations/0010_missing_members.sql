ALTER TABLE "directory_belief" ADD COLUMN "grant_shown" integer;--> statement-breakpoint
ALTER TABLE "directory_member" ADD COLUMN "first_seen_at" timestamp with time zone DEFAULT now() NOT NULL;--> statement-breakpoint
ALTER TABLE "provenance" ADD COLUMN "missed_checks" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "directory_member_missing" ON "directory_member" USING btree ("org_id","group_id") WHERE missing_since IS NOT NULL;--> statement-breakpoint
CREATE INDEX "provenance_missed" ON "provenance" USING btree ("org_id","person_id") WHERE missed_at IS NOT NULL AND ended_at IS NULL;
ALTER TABLE "organization" ADD COLUMN "numbers_read_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "invite_pending" boolean;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "login_enabled" boolean;--> statement-breakpoint
CREATE INDEX "directory_user_by_work_number" ON "directory_user" USING btree ("org_id",("calling"->>'workNumber')) WHERE "directory_user"."calling"->>'workNumber' IS NOT NULL;
ALTER TABLE "rollout" ADD COLUMN "checked_mark" text;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "checked_at" timestamp with time zone;
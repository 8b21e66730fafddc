ALTER TABLE "rollout" ADD COLUMN "basis" jsonb;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "next_request" jsonb;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "replan_of" uuid;
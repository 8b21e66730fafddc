ALTER TABLE "rollout_user" ADD COLUMN "recorded_call" integer;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "unanswered_call" integer;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "done" jsonb;
DROP INDEX "rollout_user_waiting";--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "waits_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "waits_over" jsonb;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "wait_ended_at" timestamp with time zone;--> statement-breakpoint
CREATE INDEX "rollout_user_waiting" ON "rollout_user" USING btree ("org_id","person_id") WHERE pending IS NOT NULL AND taken_up_by IS NULL AND wait_ended_at IS NULL;--> statement-breakpoint
-- Until now a wait ended with the next rollout that included the user: those waits don't begin again.
UPDATE "rollout_user" u SET "wait_ended_at" = now() FROM "rollout" r
WHERE r.rollout_id = u.rollout_id AND u.pending IS NOT NULL AND u.taken_up_by IS NULL
  AND EXISTS (SELECT 1 FROM "rollout_user" o JOIN "rollout" l ON l.rollout_id = o.rollout_id
    WHERE o.org_id = u.org_id AND o.person_id = u.person_id AND l.started_at > r.started_at);

-- Calls of closed rows whose process died: they can't be under way any more.
UPDATE "rollout_user" SET "in_flight_until" = NULL WHERE "in_flight_until" IS NOT NULL AND "outcome" <> 'planned';--> statement-breakpoint
CREATE UNIQUE INDEX "rollout_user_one_call" ON "rollout_user" USING btree ("org_id","person_id") WHERE in_flight_until IS NOT NULL;

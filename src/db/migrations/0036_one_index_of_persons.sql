-- One index for both: a user once per plan, and all plans of a user.
CREATE UNIQUE INDEX "rollout_user_of_person" ON "rollout_row" USING btree ("person_id","rollout_id");--> statement-breakpoint
DROP INDEX "rollout_user_once";--> statement-breakpoint
DROP INDEX "rollout_user_by_person";

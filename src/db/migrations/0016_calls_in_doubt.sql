-- Calls that were under way, or whose answer was lost, before calls were numbered: in doubt, as such calls are now.
UPDATE "rollout_user" SET "calls" = 1, "unanswered_call" = 1
WHERE "outcome" = 'planned' AND "intent_at" IS NOT NULL AND "calls" = 0 AND "unanswered_call" IS NULL;

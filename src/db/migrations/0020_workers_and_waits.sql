CREATE TABLE "worker_state" (
	"org_id" text PRIMARY KEY NOT NULL,
	"seen_at" timestamp with time zone,
	"trouble" text,
	"trouble_at" timestamp with time zone
);
--> statement-breakpoint
-- From here on a worker that is missing is missed.
INSERT INTO "worker_state" ("org_id", "seen_at") SELECT "org_id", now() FROM "organization";

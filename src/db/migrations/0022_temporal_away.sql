ALTER TABLE "worker_state" ADD COLUMN "temporal_away_since" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "worker_state" ADD COLUMN "temporal_away_at" timestamp with time zone;
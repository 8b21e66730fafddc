DROP INDEX "ledger_once";--> statement-breakpoint
ALTER TABLE "org_pace" ADD COLUMN "wait_reason" text;--> statement-breakpoint
ALTER TABLE "ledger" ADD COLUMN "attempt" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "rollout" ADD COLUMN "brake_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "rollout_user" ADD COLUMN "calls" integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_once" ON "ledger" USING btree ("rollout_id","seq","attempt","operation","target");
ALTER TABLE "directory_user" ADD COLUMN "addresses" jsonb DEFAULT '[]'::jsonb NOT NULL;--> statement-breakpoint
CREATE INDEX "directory_user_by_address" ON "directory_user" USING gin ("addresses");--> statement-breakpoint
-- Until the next read: what the database makes of the first address.
UPDATE "directory_user" SET "addresses" = jsonb_build_array(lower("email"));

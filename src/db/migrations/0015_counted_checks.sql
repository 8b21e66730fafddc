ALTER TABLE "directory_group" ADD COLUMN "counted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_license" ADD COLUMN "counted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_member" ADD COLUMN "counted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "counted_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "provenance" ADD COLUMN "counted_at" timestamp with time zone;
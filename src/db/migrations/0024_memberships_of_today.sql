ALTER TABLE "organization" ADD COLUMN "groups_changed_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_group" ADD COLUMN "members_began_at" timestamp with time zone;--> statement-breakpoint
ALTER TABLE "directory_user" ADD COLUMN "left_group_at" timestamp with time zone;
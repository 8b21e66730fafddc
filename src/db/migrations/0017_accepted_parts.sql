ALTER TABLE "directory_belief" ADD COLUMN "part_shown" integer;--> statement-breakpoint
ALTER TABLE "directory_belief" ADD COLUMN "part_promised" integer;
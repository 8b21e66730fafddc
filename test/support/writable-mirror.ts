/**
 * Lets a suite write users and memberships as `directory_user` and `directory_member` show them. In the
 * product these are views that nobody writes.
 */
import { pgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../../src/db/connect';
import { memberColumns, userColumns } from '../../src/db/schema';

export const writableUser = pgTable('directory_user', userColumns());
export const writableMember = pgTable('directory_member', memberColumns());

export async function makeMirrorWritable(db: Db): Promise<void> {
  await db.$client.query(triggers);
}

const triggers = `
CREATE OR REPLACE FUNCTION test_org_no(id text) RETURNS integer LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT 1 FROM org_number WHERE org_id = id) THEN
    INSERT INTO org_number (org_id) VALUES (id);
  END IF;
  RETURN (SELECT org_no FROM org_number WHERE org_id = id);
END $$;

CREATE OR REPLACE FUNCTION test_group_no(org_id text, id text) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  org integer := test_org_no(org_id);
BEGIN
  IF NOT EXISTS (SELECT 1 FROM group_number g WHERE g.org_no = org AND g.group_id = id) THEN
    INSERT INTO group_number (org_no, group_id) VALUES (org, id);
  END IF;
  RETURN (SELECT g.group_no FROM group_number g WHERE g.org_no = org AND g.group_id = id);
END $$;

CREATE OR REPLACE FUNCTION test_holdings_no(org_id text, held jsonb, sites jsonb) RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  org integer := test_org_no(org_id);
  list uuid := md5(held::text || coalesce('/' || sites::text, ''))::uuid;
BEGIN
  IF NOT EXISTS (SELECT 1 FROM mirror_holdings h WHERE h.org_no = org AND h.digest = list) THEN
    INSERT INTO mirror_holdings (org_no, licenses, attendee_sites, digest) VALUES (org, held, sites, list);
  END IF;
  RETURN (SELECT h.holdings_no FROM mirror_holdings h WHERE h.org_no = org AND h.digest = list);
END $$;

CREATE OR REPLACE FUNCTION test_write_user() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  listed text[] := ARRAY(SELECT jsonb_array_elements_text(NEW.addresses));
  given text[] := CASE WHEN listed <> ARRAY[NEW.email] THEN listed END;
BEGIN
  IF TG_OP = 'UPDATE' THEN
    UPDATE mirror_user u SET email = NEW.email, addresses = given, display_name = NEW.display_name,
      kind = NEW.kind, status = NEW.status, invite_pending = NEW.invite_pending,
      login_enabled = NEW.login_enabled, created_at = NEW.created_at, read_at = NEW.read_at,
      holdings_no = test_holdings_no(NEW.org_id, NEW.licenses, NEW.attendee_sites),
      first_holdings_no = CASE WHEN NEW.first_licenses = OLD.first_licenses THEN u.first_holdings_no
        ELSE test_holdings_no(NEW.org_id, NEW.first_licenses, NULL) END,
      seen_in = NEW.seen_in, missing_since = NEW.missing_since, missing_checks = NEW.missing_checks,
      counted_at = NEW.counted_at, not_found_at = NEW.not_found_at, answered = NEW.answered,
      answered_at = NEW.answered_at, first_seen_at = NEW.first_seen_at, is_new = NEW.is_new,
      only_gains = NEW.only_gains, is_explicit = NEW.is_explicit, returned_at = NEW.returned_at,
      watched_at = NEW.watched_at, calling = NEW.calling, left_group_at = NEW.left_group_at,
      gone_at = NEW.gone_at
    WHERE u.user_no = OLD.user_no;
    RETURN NEW;
  END IF;
  INSERT INTO mirror_user (org_no, person_id, email, addresses, display_name, kind, status, invite_pending,
    login_enabled, created_at, read_at, holdings_no, first_holdings_no, seen_in, missing_since,
    missing_checks, counted_at, not_found_at, answered, answered_at, first_seen_at, is_new, only_gains,
    is_explicit, returned_at, watched_at, calling, left_group_at, gone_at)
  VALUES (test_org_no(NEW.org_id), NEW.person_id, NEW.email, given, NEW.display_name, NEW.kind, NEW.status,
    NEW.invite_pending, NEW.login_enabled, NEW.created_at, NEW.read_at,
    test_holdings_no(NEW.org_id, NEW.licenses, NEW.attendee_sites),
    test_holdings_no(NEW.org_id, coalesce(NEW.first_licenses, '[]'), NULL), coalesce(NEW.seen_in, 0),
    NEW.missing_since, coalesce(NEW.missing_checks, 0), NEW.counted_at, NEW.not_found_at, NEW.answered,
    NEW.answered_at, coalesce(NEW.first_seen_at, now()), coalesce(NEW.is_new, false),
    coalesce(NEW.only_gains, false), coalesce(NEW.is_explicit, false), NEW.returned_at, NEW.watched_at,
    NEW.calling, NEW.left_group_at, NEW.gone_at)
  ON CONFLICT (org_no, person_id) DO NOTHING;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER test_write_user INSTEAD OF INSERT OR UPDATE ON directory_user
  FOR EACH ROW EXECUTE FUNCTION test_write_user();

CREATE OR REPLACE FUNCTION test_write_member() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  member mirror_user%ROWTYPE;
BEGIN
  IF TG_OP = 'DELETE' THEN
    DELETE FROM mirror_member m USING directory_user u WHERE m.user_no = u.user_no
      AND u.org_id = OLD.org_id AND u.person_id = OLD.member_id
      AND m.group_no = test_group_no(OLD.org_id, OLD.group_id);
    DELETE FROM mirror_other_member m WHERE m.member_id = OLD.member_id
      AND m.group_no = test_group_no(OLD.org_id, OLD.group_id);
    RETURN OLD;
  END IF;
  SELECT * INTO member FROM mirror_user u
  WHERE u.org_no = test_org_no(NEW.org_id) AND u.person_id = NEW.member_id AND NEW.type = 'user';
  IF member.user_no IS NULL THEN
    INSERT INTO mirror_other_member (group_no, member_id, type, first_seen_at, missing_since)
    VALUES (test_group_no(NEW.org_id, NEW.group_id), NEW.member_id, NEW.type,
      coalesce(NEW.first_seen_at, now()), NEW.missing_since);
  ELSE
    INSERT INTO mirror_member (group_no, user_no, first_seen_at, missing_since)
    VALUES (test_group_no(NEW.org_id, NEW.group_id), member.user_no,
      coalesce(NEW.first_seen_at, now()), NEW.missing_since);
  END IF;
  RETURN NEW;
END $$;
CREATE OR REPLACE TRIGGER test_write_member INSTEAD OF INSERT OR DELETE ON directory_member
  FOR EACH ROW EXECUTE FUNCTION test_write_member();
`;

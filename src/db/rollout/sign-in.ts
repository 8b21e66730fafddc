/** What the last read showed of the signing in of a plan's users. */
import { sql, type SQL } from 'drizzle-orm';
import type { SignInState } from '../../domain/rollout/activation';
import type { rolloutRow, rolloutUser } from '../schema';

type SignIn = [status: string | null, invitePending: boolean | null] | null;

/** Looked up for the users of a page: a join would read the whole organization for each. */
export function signInOf(row: typeof rolloutRow | typeof rolloutUser): SQL<SignIn> {
  return sql<SignIn>`(
    SELECT jsonb_build_array(d.status, d.invite_pending) FROM directory_user d
    WHERE d.org_id = ${row}.org_id AND d.person_id = ${row}.person_id)`;
}

/** Null: the user isn't in the mirror. */
export function signInState(signIn: SignIn): SignInState {
  const [status, invitePending] = signIn ?? [null, null];
  return { status, invitePending };
}

import type { UserRef } from '../../contract/activities';
import type { IntendedWrite } from '../../db/write/permit';
import type { NextCall } from '../../domain/write/next-call';

/** One permitted call of a user's write. */
export interface PermittedCall {
  user: UserRef;
  intended: IntendedWrite;
  call: NextCall;
}

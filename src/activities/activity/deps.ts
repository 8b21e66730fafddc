import type { Db } from '../../db/connect';
import type { Logger } from '../../logger';
import type { Webex } from '../../webex/port/webex';

/** What activities need of the world; the worker's composition root provides it. */
export interface ActivityDeps {
  db: Db;
  webex: Webex;
  /** The organization that the credential opens; another one's jobs are refused. */
  orgId: string;
  logger: Logger;
  /** What summaries in the Temporal UI call a user. */
  userLabels: 'email' | 'id';
  readOnly: boolean;
  /** Pace of an organization that has none yet. */
  writesPerSecond: number;
  /** Tells the Temporal server how fast the organization's write queue may be emptied. */
  limitQueue: (orgId: string, perSecond: number) => Promise<void>;
  /** How long a plan may be started. */
  planExpiresInMs: number;
  /** Real attempts before a user's write is given up as `failed`. */
  maxWriteAttempts: number;
}

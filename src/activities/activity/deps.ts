import type { Db } from '../../db/connect';
import type { Logger } from '../../logger';
import type { Webex } from '../../webex/port/webex';

/** What activities need; the worker's composition root provides it. */
export interface ActivityDeps {
  db: Db;
  webex: Webex;
  /** The organization that the credential opens; jobs of another organization are refused. */
  orgId: string;
  logger: Logger;
  /** What summaries in the Temporal UI call a user. */
  userLabels: 'email' | 'id';
  readOnly: boolean;
  /** Pace of an organization that has none yet. */
  writesPerSecond: number;
  /** Sets the rate of the organization's write queue in the Temporal server. */
  limitQueue: (orgId: string, perSecond: number) => Promise<void>;
  /** How long a stored plan can be started. */
  planExpiresInMs: number;
  /** Real attempts before a user's write is `failed`. */
  maxWriteAttempts: number;
  /** The second read of what is missing follows at least this much later (R89). */
  confirmAfterMs: number;
}

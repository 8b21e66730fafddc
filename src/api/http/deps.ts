import type { Db } from '../../db/connect';
import type { Logger } from '../../logger';
import type { EventFeeds } from '../events/event-feeds';
import type { Jobs } from '../jobs/jobs';
import type { RefusedCallers } from './callers/refused-callers';
import type { Tokens } from './callers/tokens';

/** What the API gets from the process that runs it. */
export interface AppDeps {
  db: Db;
  jobs: Jobs;
  tokens: Tokens;
  logger: Logger;
  defaults: {
    /** The pace of organizations for which none was ever set. */
    writesPerSecond: number;
  };
  version: string;
  /** Listens on loopback only: /metrics is open then, and there is no proxy. */
  isLocal: boolean;
  temporalUiUrl?: string;
  temporalNamespace?: string;
  bodyLimitBytes?: number;
  /** Where files wait until all of them has arrived; by default the folder for temporary files. */
  uploadFolder?: string;
  /** How often event streams read progress. */
  progressEveryMs?: number;
  heartbeatEveryMs?: number;
}

/** What every request can use: the above, and what one app makes for itself. */
export interface ApiDeps extends AppDeps {
  metrics: { contentType: string; text: () => Promise<string> };
  feeds: EventFeeds;
  refusedCallers: RefusedCallers;
}

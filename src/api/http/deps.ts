import type { Db } from '../../db/connect';
import type { Logger } from '../../logger';
import type { Jobs } from '../jobs/jobs';
import type { Tokens } from './tokens';

/** What the API needs; the composition root makes it. */
export interface ApiDeps {
  db: Db;
  jobs: Jobs;
  tokens: Tokens;
  logger: Logger;
  defaults: {
    /** The pace of organizations for which none was ever set. */
    writesPerSecond: number;
  };
  version: string;
  /** Listens on loopback only: /metrics is open then, and no proxy stands in front. */
  isLocal: boolean;
  temporalUiUrl?: string;
  temporalNamespace?: string;
  bodyLimitBytes?: number;
  /** How often event streams look for progress. */
  progressEveryMs?: number;
  heartbeatEveryMs?: number;
}

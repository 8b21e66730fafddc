import { ConfigError, realWebexBaseUrl, type Config } from '../config';
import { createCredentialStore } from '../db/admin/credential';
import type { Db } from '../db/connect';
import type { Logger } from '../logger';
import { createWebex } from '../webex/create-webex';
import type { StoredCredential } from '../webex/port/credential';
import type { Webex } from '../webex/port/webex';
import type { WorkerMetrics } from './metrics';

/** The Webex that the configuration points at. Throws `ConfigError` where no credential is given. */
export function webexFromConfig(input: {
  config: Config;
  db: Db;
  logger: Logger;
  metrics: WorkerMetrics;
}): Webex {
  const { config, db, logger, metrics } = input;
  const { credential } = config.webex;
  const common = {
    baseUrl: config.webex.baseUrl ?? realWebexBaseUrl,
    readOnly: config.webex.readOnly,
    userAgent: 'seatwise',
    logger,
    onCall: metrics.onCall,
  };
  switch (credential.kind) {
    case 'none':
      throw new ConfigError(
        'WEBEX_ACCESS_TOKEN must be given, or WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET and WEBEX_REFRESH_TOKEN.',
      );
    case 'token':
      return createWebex({ ...common, credential });
    case 'refresh': {
      const { clientId, refreshToken } = credential;
      const store = createCredentialStore<StoredCredential>({
        db,
        secretKey: config.secretKey ?? '',
        clientId,
        refreshToken,
      });
      return createWebex({ ...common, credential: { ...credential, store } });
    }
  }
}

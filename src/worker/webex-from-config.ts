import { realWebexBaseUrl, type Config } from '../config/config';
import { createCredentialStore } from '../db/admin/credential';
import type { Db } from '../db/connect';
import { anyStoredIds } from '../db/directory/any-stored-ids';
import { ErrorForPeople } from '../error-for-people';
import type { Logger } from '../logger';
import { createWebex } from '../webex/create-webex';
import type { StoredCredential } from '../webex/port/credential';
import type { Webex } from '../webex/port/webex';
import type { WorkerMetrics } from './metrics';

/** A client for the configured Webex. Throws `ErrorForPeople` if no credential is configured. */
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
    maxRetryAfterMs: config.webex.maxRetryAfterMs,
    logger,
    onCall: metrics.onCall,
    storedIds: (orgUuid: string) => anyStoredIds(db, orgUuid),
  };
  switch (credential.kind) {
    case 'none':
      throw new ErrorForPeople(
        'Set WEBEX_ACCESS_TOKEN, or WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET and WEBEX_REFRESH_TOKEN.',
      );
    case 'token':
      return createWebex({ ...common, credential });
    case 'refresh': {
      const { clientId, refreshToken } = credential;
      const { secretKey } = config;
      if (secretKey === null) {
        throw new ErrorForPeople(
          'Set SEATWISE_SECRET_KEY: it encrypts the refreshed Webex tokens.',
        );
      }
      const store = createCredentialStore<StoredCredential>({
        db,
        secretKey,
        clientId,
        refreshToken,
      });
      return createWebex({ ...common, credential: { ...credential, store } });
    }
  }
}

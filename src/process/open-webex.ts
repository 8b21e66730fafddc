import { ConfigError, type Config } from '../config';
import type { Db } from '../db/connect';
import { createCredentialStore } from '../db/credential';
import type { Logger } from '../logger';
import { createWebex, type WebexOptions } from '../webex/create-webex';
import type { StoredCredential } from '../webex/credential';
import type { Webex } from '../webex/webex';
import { productVersion } from './version';

function credentialOf({ webex, secretKey }: Config, db: Db): WebexOptions['credential'] {
  const { credential } = webex;
  switch (credential.kind) {
    case 'none':
      throw new ConfigError(
        'WEBEX_ACCESS_TOKEN must be given, or WEBEX_CLIENT_ID, WEBEX_CLIENT_SECRET and WEBEX_REFRESH_TOKEN: docs/webex-setup.md says where they come from.',
      );
    case 'token':
      return credential;
    case 'refresh': {
      const { clientId, refreshToken } = credential;
      const store = createCredentialStore<StoredCredential>({
        db,
        secretKey: secretKey ?? '',
        clientId,
        refreshToken,
      });
      return { ...credential, store };
    }
  }
}

/** The configured Webex; refreshed tokens are kept in the database. Throws `ConfigError`. */
export function openWebex(options: {
  config: Config;
  baseUrl: string;
  db: Db;
  logger: Logger;
  onCall?: WebexOptions['onCall'];
}): Webex {
  const { config, baseUrl, db, logger, onCall } = options;
  return createWebex({
    baseUrl,
    credential: credentialOf(config, db),
    readOnly: config.webex.readOnly,
    userAgent: `seatwise/${productVersion()}`,
    logger: logger.child({ part: 'webex' }),
    ...(onCall && { onCall }),
  });
}

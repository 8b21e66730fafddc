import { setTimeout as delay } from 'node:timers/promises';
import type { Db } from '../db/connect';
import { findSoleOrganization, saveOrganization } from '../db/directory/organizations';
import { uuidOf } from '../domain/model/webex-id';
import type { Logger } from '../logger';
import { OwnOrganization } from './own-organization';
import { WebexError, type CredentialReport, type Webex } from '../webex/port/webex';

const retryMs = 5_000;

/**
 * Asks Webex for the organization of the token, logs it, and stores it in the database. If Webex can't
 * be reached, it returns the organization that is already known, which is confirmed before anything is
 * asked of Webex, or asks again if none is known.
 */
export async function openOrganization(input: {
  db: Db;
  webex: Webex;
  logger: Logger;
  signal: AbortSignal;
}): Promise<OwnOrganization> {
  const { db, webex, logger, signal } = input;
  const check = async () => {
    const report = await webex.checkCredential({ signal });
    await keepOrganization(db, report);
    tell(logger, report);
    return report;
  };
  const expectSame = () => webex.expectSameOrganization();
  for (;;) {
    try {
      const { orgId } = await check();
      return new OwnOrganization(orgId, true, check, expectSame);
    } catch (error) {
      if (!(error instanceof WebexError) || !error.retryable) throw error;
      const known = await findSoleOrganization(db);
      if (known !== null) {
        logger.warn({ reason: error.message }, 'Webex could not be reached to check the token');
        return new OwnOrganization(known, false, check, expectSame);
      }
      logger.warn({ reason: error.message }, 'waiting for Webex to check the token');
      await delay(retryMs, undefined, { signal });
    }
  }
}

async function keepOrganization(db: Db, report: CredentialReport): Promise<void> {
  const orgUuid = uuidOf(report.orgId);
  if (!orgUuid) throw new Error(`Webex returned an organization id that can't be read`);
  await saveOrganization(db, {
    orgId: report.orgId,
    orgUuid,
    displayName: report.organizationName,
    credentialReport: { ...report },
  });
}

function tell(logger: Logger, report: CredentialReport): void {
  const { organizationName, tokenOwner, scopes, accessExpiresAt, refreshExpiresAt, readOnly } =
    report;
  logger.info(
    { organizationName, tokenOwner, scopes, accessExpiresAt, refreshExpiresAt, readOnly },
    `the Webex token belongs to ${organizationName}`,
  );
  if (scopes.missing.length > 0) {
    logger.warn({ missing: scopes.missing }, 'the Webex token lacks required scopes');
  }
}

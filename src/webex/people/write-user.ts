import type { Change } from '../../domain/model/change';
import { offerOfLicenseId, orgUuidOf, uuidOf } from '../../domain/model/webex-id';
import { compareAnswer } from '../wire/compare-answer';
import { oneLine } from '../http/one-line';
import type { Send } from '../http/send-call';
import { WebexError, type WriteAnswer } from '../port/webex';
import type { IdForms } from '../wire/id-forms';
import { wireWriteAnswer, type WireWrite, type WireWriteAnswer } from '../wire/wire';

const operation = 'PATCH /licenses/users';

/**
 * The body of one write: every change of one user together (R61). Host and attendee are one call:
 * the license added and the site removed (R40). Calling carries its location and number (R62).
 */
export function buildWrite(personId: string, changes: readonly Change[]): WireWrite {
  const licenses: NonNullable<WireWrite['licenses']> = [];
  const siteUrls: NonNullable<WireWrite['siteUrls']> = [];
  for (const { operation: verb, target, calling } of changes) {
    if (target.kind === 'license') {
      const properties = verb === 'add' && calling ? { properties: { ...calling } } : {};
      licenses.push({ id: target.licenseId, operation: verb, ...properties });
    } else siteUrls.push({ siteUrl: target.site, accountType: 'attendee', operation: verb });
  }
  return {
    personId,
    ...(licenses.length > 0 ? { licenses } : {}),
    ...(siteUrls.length > 0 ? { siteUrls } : {}),
  };
}

export interface WriteUserInput {
  send: Send;
  ids: IdForms;
  personId: string;
  changes: readonly Change[];
  signal: AbortSignal | undefined;
}

/** Sends one `PATCH /licenses/users` and compares the answer with the request. Never repeats it. */
export async function writeUser(input: WriteUserInput): Promise<WriteAnswer> {
  const { send, personId, changes, signal } = input;
  const body = buildWrite(personId, changes);
  const answer = await send({
    operation,
    method: 'PATCH',
    path: '/licenses/users',
    body,
    schema: wireWriteAnswer,
    missing: 'not-found',
    signal,
  }).catch((error: unknown) => {
    throw isAboutUser(error, changes) ? error : asRejected(error);
  });
  const { status, trackingId } = answer;
  const problem = problemWith(answer.body, personId, changes);
  if (problem !== null) {
    const message = `${operation}: ${problem} (${trackingId})`;
    throw new WebexError('contract', message, {
      operation,
      status,
      trackingId,
      outcomeUnknown: true,
    });
  }
  const compared = compareAnswer(changes, answer.body, input.ids);
  const details = compared.details.map((detail) => oneLine(detail));
  return { status: status === 206 ? 206 : 200, trackingId, ...compared, details };
}

/** What is wrong with an answer that isn't about this user of this organization; null where it is. */
function problemWith(
  answer: WireWriteAnswer,
  personId: string,
  changes: readonly Change[],
): string | null {
  if (!answer.personId) return 'personId: the answer does not say whom it is about';
  if (uuidOf(answer.personId) !== uuidOf(personId)) {
    return 'personId: the answer is about another user';
  }
  const license = changes.find(({ target }) => target.kind === 'license')?.target;
  const orgUuid = license?.kind === 'license' ? orgUuidOf(license.licenseId) : undefined;
  const answeredFor = answer.orgId ? uuidOf(answer.orgId) : undefined;
  return orgUuid !== undefined && answeredFor !== undefined && answeredFor !== orgUuid
    ? 'orgId: the answer is about another organization'
    : null;
}

/** Webex also answers 404 for malformed license ids, and a gateway for a path that it doesn't know. */
function isAboutUser(error: unknown, changes: readonly Change[]): boolean {
  if (!(error instanceof WebexError) || error.kind !== 'not-found') return true;
  const wellFormed = changes.every(
    ({ target }) => target.kind !== 'license' || offerOfLicenseId(target.licenseId) !== undefined,
  );
  return wellFormed && !/licen[sc]e id|static resource|location|siteurl/i.test(error.message);
}

function asRejected(error: unknown): unknown {
  return error instanceof WebexError
    ? new WebexError('rejected', error.message, error.context)
    : error;
}

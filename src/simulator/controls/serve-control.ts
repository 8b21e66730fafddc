import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ApiError } from '../server/api-error';
import { parseBody, readBody } from '../server/read-body';
import type { Simulator } from '../state/simulator';
import type { Control, ControlAnswer } from './control';
import { groupControls } from './group-controls';
import { logControls } from './log-controls';
import { manyPeopleControls } from './many-people-controls';
import { numberControls } from './number-controls';
import { personControls } from './person-controls';
import { settingControls } from './setting-controls';
import { tokenControls } from './token-controls';

/** Everything under `/_simulator/`. */
export const allControls: Control[] = [
  {
    method: 'GET',
    path: '/_simulator/',
    summary: 'Shows this description.',
    handle: ({ simulator }) => ({
      body: {
        organization: simulator.organization.displayName,
        orgId: simulator.organization.orgId,
        users: simulator.organization.people.existing,
        controls: allControls.map(({ method, path, summary }) => ({ method, path, summary })),
      },
    }),
  },
  ...settingControls,
  ...personControls,
  ...manyPeopleControls,
  ...groupControls,
  ...numberControls,
  ...logControls,
  ...tokenControls,
];

/** Serves one call of the controls: no token, no faults, no delay. */
export async function serveControl(
  simulator: Simulator,
  control: Control,
  params: Record<string, string>,
  url: URL,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const text = await readBody(request);
    const body = parseBody(text, 'application/json');
    const answer = control.handle({ simulator, params, query: url.searchParams, body });
    await send(response, answer);
  } catch (error) {
    if (!(error instanceof ApiError)) throw error;
    await send(response, {
      status: error.status,
      body: { message: error.message, errors: error.errors },
    });
  }
}

async function send(response: ServerResponse, answer: ControlAnswer): Promise<void> {
  const { status = 200, body, lines } = answer;
  if (!lines) {
    response.writeHead(status, body === undefined ? {} : { 'Content-Type': 'application/json' });
    response.end(body === undefined ? undefined : JSON.stringify(body));
    return;
  }
  response.writeHead(status, { 'Content-Type': 'application/x-ndjson' });
  await pipeline(Readable.from(batches(lines)), response);
}

/** Joins lines into larger chunks, which are cheaper to write. */
function* batches(lines: Iterable<unknown>): Generator<string> {
  let batch = '';
  for (const line of lines) {
    batch += `${JSON.stringify(line)}\n`;
    if (batch.length < 65_536) continue;
    yield batch;
    batch = '';
  }
  if (batch !== '') yield batch;
}

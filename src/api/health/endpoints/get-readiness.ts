import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { pingDatabase } from '../../../db/connect';
import { defineEndpoint } from '../../http/endpoint';

const checkMs = 2_000;
const state = z.enum(['ok', 'unreachable']);
const schema = z.strictObject({ status: state, database: state, temporal: state });

export const getReadinessEndpoint = defineEndpoint({
  method: 'get',
  path: '/readyz',
  tag: 'Health',
  role: null,
  summary: 'Check that the database and Temporal can be reached',
  replies: {
    200: { description: 'Both can be reached', schema },
    503: { description: "At least one of them can't be reached", schema },
  },
  async handle({ deps }) {
    const [database, temporal] = await Promise.all([
      reaches(pingDatabase(deps.db).then(() => true)),
      reaches(deps.jobs.ping()),
    ]);
    const status = database === 'ok' ? temporal : database;
    return { status: status === 'ok' ? 200 : 503, body: { status, database, temporal } };
  },
});

async function reaches(check: Promise<boolean>): Promise<'ok' | 'unreachable'> {
  const answered = await Promise.race([
    check.catch(() => false),
    delay(checkMs, false, { ref: false }),
  ]);
  return answered ? 'ok' : 'unreachable';
}

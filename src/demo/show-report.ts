import { counted } from '../domain/model/text/wording';
import type { Api } from './api-client';
import type { Rollout } from './api-types';
import type { Narrator } from './narrate';

const linesShown = 4;

/** Prints the result: users by outcome, and the first lines of the report that lists each user. */
export async function showReport(options: {
  api: Api;
  out: Narrator;
  rollout: Rollout;
}): Promise<void> {
  const { api, out, rollout } = options;
  out.heading('The report');
  const counts = Object.entries(rollout.counts);
  for (const [outcome, { users }] of counts) {
    out.line(`  ${outcome.padEnd(18)} ${String(users).padStart(6)}`);
  }
  out.line(`  ${'total'.padEnd(18)} ${String(rollout.total).padStart(6)}`);
  const csv = (await api.getText(rollout.links.report)).trim().split('\n');
  out.line(`  report.csv has ${counted(csv.length - 1, 'line')}, for example:`);
  for (const line of csv.slice(0, linesShown)) out.line(`  | ${line.trim().slice(0, 110)}`);
}

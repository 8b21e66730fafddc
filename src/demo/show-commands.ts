import type { Api } from './api-client';
import { candidateGroups, templatePath } from './choose-template';
import type { License } from './api-types';
import type { Narrator } from './narrate';
import { readDirectory } from './show-organization';
import type { Entitlement } from '../domain/model/template';

/** What most organizations grant to a team; if this one sells none of it, its first license. */
function entitlementsFor(licenses: License[]): Entitlement[] {
  const has = (offer: string) => licenses.some((license) => license.offer === offer);
  const offers = ['FMS', 'MS', 'FTC'].filter(has);
  if (offers.length > 0) return offers.map((offer) => ({ offer }));
  return licenses
    .slice(0, 1)
    .map(({ offer, site }) => (site === null ? { offer } : { offer, site }));
}

/** Reads a field of a JSON answer; fails if it is missing. Uses Node, which is surely installed. */
function pick(field: string): string {
  return `node -pe 'JSON.parse(fs.readFileSync(0)).${field} ?? process.exit(1)'`;
}

/** Prints the commands of a rollout, with ids of this organization. */
export async function showCommands(options: {
  api: Api;
  out: Narrator;
  local: { apiUrl: string; token: string };
  signal: AbortSignal;
  onFirstRead: () => Promise<void>;
}): Promise<void> {
  const { api, out, local, signal, onFirstRead } = options;
  const directory = await readDirectory(api, signal, onFirstRead);
  const { path, licenses, groups, organization } = directory;
  const group = candidateGroups(groups)[0] ?? null;
  const entitlements = entitlementsFor(licenses);
  const whose = group === null ? 'everybody' : `the group ${group.displayName}`;
  out.heading(`A rollout in ${organization.displayName}, step by step`);
  const lines = [
    `API='${local.apiUrl}${path}'`,
    `AUTH='Authorization: Bearer ${local.token}'`,
    `JSON='Content-Type: application/json'`,
    `reach() { until curl -s "$API/rollouts/$ROLLOUT" -H "$AUTH" | grep -q '"phase":"'$1'"'; do sleep 1; done; }`,
    '',
    `# Save a template for ${whose}; saving it changes nobody`,
    `TEMPLATE=$(curl -sX PUT "$API${templatePath('', group)}" -H "$AUTH" -H "$JSON" \\`,
    `  -d '${JSON.stringify({ entitlements })}' | ${pick('template?.templateId')})`,
    '',
    '# Plan a rollout to the existing users; with "preserveLicenses":false it would also remove licenses',
    `ROLLOUT=$(curl -sX POST "$API/rollouts" -H "$AUTH" -H "$JSON" \\`,
    `  -d '{"change":{"kind":"template","templateId":"'$TEMPLATE'"},"existingUsers":true}' \\`,
    `  | ${pick('rolloutId')})`,
    '',
    '# Read the plan, and start it by its digest',
    `reach planned; DIGEST=$(curl -s "$API/rollouts/$ROLLOUT" -H "$AUTH" | ${pick('digest')})`,
    `curl -s "$API/rollouts/$ROLLOUT/users?changed=true" -H "$AUTH"`,
    `curl -sX POST "$API/rollouts/$ROLLOUT/start" -H "$AUTH" -H "$JSON" -d '{"digest":"'$DIGEST'"}'`,
    '',
    '# Follow it, and promote it once reads show the pilot (after a minute, unless settings say sooner)',
    `curl -s "$API/rollouts/$ROLLOUT/progress" -H "$AUTH"`,
    `reach awaiting-promotion; curl -sX POST "$API/rollouts/$ROLLOUT/promote" -H "$AUTH" -H "$JSON" -d '{}'`,
  ];
  for (const line of lines) out.line(line);
}

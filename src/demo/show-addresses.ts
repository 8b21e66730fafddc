import type { Local } from '../local/start-local';
import type { Narrator } from './narrate';

/** Prints the addresses of everything that is running. */
export function showAddresses(
  out: Narrator,
  local: Pick<Local, 'apiUrl' | 'temporalUiUrl' | 'simulatorUrl'>,
  rolloutInTemporal: string | null,
): void {
  out.heading('Addresses');
  out.line(`  API              ${local.apiUrl}`);
  out.line(`  API docs         ${local.apiUrl}/docs`);
  if (local.temporalUiUrl !== null) out.line(`  Temporal UI      ${local.temporalUiUrl}`);
  if (rolloutInTemporal !== null) out.line(`  This rollout     ${rolloutInTemporal}`);
  if (local.simulatorUrl !== null) {
    out.line(`  Webex simulator  ${local.simulatorUrl}/_simulator/`);
  }
}

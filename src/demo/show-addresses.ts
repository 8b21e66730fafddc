import type { Narrator } from './narrate';

/** What is running, for a person to open. */
export interface Addresses {
  apiUrl: string;
  temporalUiUrl: string | null;
  simulatorUrl: string | null;
}

/** Prints the addresses of everything that is running. */
export function showAddresses(
  out: Narrator,
  addresses: Addresses,
  rolloutInTemporal: string | null,
): void {
  const { apiUrl, temporalUiUrl, simulatorUrl } = addresses;
  out.heading('Addresses');
  out.line(`  API              ${apiUrl}`);
  out.line(`  API docs         ${apiUrl}/docs`);
  if (temporalUiUrl !== null) out.line(`  Temporal UI      ${temporalUiUrl}`);
  if (rolloutInTemporal !== null) out.line(`  This rollout     ${rolloutInTemporal}`);
  if (simulatorUrl !== null) {
    out.line(`  Webex simulator  ${simulatorUrl}/_simulator/`);
  }
}

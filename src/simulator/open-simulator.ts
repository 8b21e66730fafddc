import type { Logger } from '../logger';
import { keepOrigin, keptOrganization, openJournal, readOrigin, type Origin } from './data-folder';
import { generateOrganization } from './organization/generate-organization';
import { loadOrganization } from './organization/load-organization';
import type { Organization } from './organization/organization';
import { readFolder } from './organization/read-folder';
import { changeSettings, settingsSchema, type SettingsInput } from './state/settings';
import { Simulator, type JournalRecord } from './state/simulator';
import { allScopes, newTokenValue, tokenName } from './state/tokens';

interface Opened {
  simulator: Simulator;
  adminToken: string;
  closeJournal: () => void;
}

/** The state behind a simulator: new, or out of its data folder. */
export async function openSimulator(options: SimulatorOptions, logger: Logger): Promise<Opened> {
  const { dataDir, org } = options;
  const kept = dataDir === undefined ? undefined : readOrigin(dataDir);
  const origin: Origin = kept ?? {
    users: options.users ?? 200,
    seed: options.seed ?? 1,
    fromFolder: org !== undefined,
    adminToken: options.token ?? newTokenValue(),
  };
  const folder = kept && dataDir !== undefined ? keptOrganization(dataDir) : org;
  const organization = makeOrganization(origin, folder);
  if (dataDir !== undefined && !kept) keepOrigin(dataDir, origin, org);

  let keep: (record: JournalRecord) => void = () => undefined;
  const settings = settingsSchema.parse({});
  const simulator = new Simulator(organization, settings, logger, (record) => keep(record));
  const adminToken = options.token ?? origin.adminToken;
  for (const value of new Set([origin.adminToken, adminToken])) addAdministrator(simulator, value);
  let closeJournal = (): void => undefined;
  if (dataDir !== undefined) {
    const journal = await openJournal(dataDir, (record) => simulator.replay(record));
    keep = (record) => journal.append(record);
    closeJournal = () => journal.close();
  }
  if (options.settings !== undefined) {
    simulator.record({ settings: changeSettings(simulator.settings, options.settings) });
  }
  return { simulator, adminToken, closeJournal };
}

function makeOrganization(origin: Origin, folder: string | undefined): Organization {
  if (!origin.fromFolder || folder === undefined) return generateOrganization(origin);
  return loadOrganization(readFolder(folder));
}

/** A token with every scope that never ends. */
function addAdministrator(simulator: Simulator, value: string): void {
  const name = tokenName(value);
  const expiresAt = Number.MAX_SAFE_INTEGER;
  simulator.tokens.add({ value, name, scopes: allScopes, kind: 'person', expiresAt });
}

export interface SimulatorOptions {
  /** 0: any free port. */
  port?: number;
  host?: string;
  /** Size of the generated organization. */
  users?: number;
  seed?: number;
  /** A folder of JSON bodies, instead of a generated organization. */
  org?: string;
  /** The administrator's token; made up when absent. */
  token?: string;
  /** Folder in which truth and log survive the process. */
  dataDir?: string;
  settings?: SettingsInput;
  logger?: Logger;
}

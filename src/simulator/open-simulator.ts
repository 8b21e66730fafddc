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

/** Opens the state behind a simulator: a new one, or the one that its data folder keeps. */
export async function openSimulator(options: SimulatorOptions, logger: Logger): Promise<Opened> {
  const { dataDir, org } = options;
  const kept = dataDir === undefined ? undefined : readOrigin(dataDir);
  const origin = kept ?? newOrigin(options);
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

function newOrigin({ users = 200, seed = 1, org, token }: SimulatorOptions): Origin {
  return { users, seed, fromFolder: org !== undefined, adminToken: token ?? newTokenValue() };
}

function makeOrganization(origin: Origin, folder: string | undefined): Organization {
  if (!origin.fromFolder || folder === undefined) return generateOrganization(origin);
  return loadOrganization(readFolder(folder));
}

/** Adds a token that has every scope and never expires. */
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
  /** A folder of JSON bodies to load instead of generating an organization. */
  org?: string;
  /** The administrator's token; generated when absent. */
  token?: string;
  /** Folder that keeps the organization and the log of writes after the process has ended. */
  dataDir?: string;
  settings?: SettingsInput;
  logger?: Logger;
}

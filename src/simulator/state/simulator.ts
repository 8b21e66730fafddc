import type { Logger } from '../../logger';
import { Clock } from './clock';
import { Counters } from './counters';
import { FaultDraws } from './faults';
import { applyEffect, type Effect } from '../organization/effect';
import type { Organization } from '../organization/organization';
import { Propagation } from './propagation';
import type { Settings } from './settings';
import { Throttle } from './throttle';
import { Tokens, type RefreshToken, type Token } from './tokens';
import { WriteLog, type LoggedWrite } from './write-log';

/** One line of the journal: everything that one call changed. */
export interface JournalRecord {
  effects?: readonly Effect[];
  log?: LoggedWrite;
  logReset?: number;
  offsetMs?: number;
  settings?: Settings;
  token?: Token;
  refreshToken?: RefreshToken;
  revoked?: string;
}

/** The state of one running simulator; whatever lasts is changed by `record` and `write` only. */
export class Simulator {
  readonly clock = new Clock();
  readonly tokens = new Tokens();
  readonly log = new WriteLog();
  readonly counters = new Counters();
  readonly propagation = new Propagation(() => this.settings.propagation);
  readonly throttle = new Throttle(() => this.settings.throttle);
  readonly faults = new FaultDraws(() => this.settings.faults);

  constructor(
    readonly organization: Organization,
    public settings: Settings,
    readonly logger: Logger,
    private readonly keep: (record: JournalRecord) => void,
  ) {}

  /** Applies a record and keeps it. */
  record(record: JournalRecord): void {
    this.replay(record);
    this.keep(record);
  }

  /** Applies the effects of one call and logs it; `describe` is called after they are applied. */
  write(effects: readonly Effect[], describe: (seq: number) => LoggedWrite): LoggedWrite {
    for (const effect of effects) applyEffect(this.organization, effect);
    const log = describe(this.log.nextSeq);
    this.log.add(log);
    this.keep({ effects, log });
    return log;
  }

  /** Applies a record without keeping it again. */
  replay(record: JournalRecord): void {
    for (const effect of record.effects ?? []) applyEffect(this.organization, effect);
    if (record.logReset !== undefined) this.log.reset(record.logReset);
    if (record.log) this.log.add(record.log);
    if (record.offsetMs !== undefined) this.clock.offsetMs = record.offsetMs;
    if (record.settings) this.settings = record.settings;
    if (record.token) this.tokens.add(record.token);
    if (record.refreshToken) this.tokens.addRefresh(record.refreshToken);
    if (record.revoked !== undefined) this.tokens.revoke(record.revoked);
  }
}

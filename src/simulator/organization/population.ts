import { valueOfId } from './ids';
import type { Catalog } from './catalog';

/** A person without id, licenses and attendee sites, as `GET /people/{id}` shows it. */
export type PersonFields = Record<string, unknown>;

/** One user at one moment. `fields: null` means the generated ones. */
export interface UserState {
  holding: number;
  fields: PersonFields | null;
  exists: boolean;
  modifiedAt: number;
}

/** People who are computed from their number instead of being stored. */
export interface GeneratedPeople {
  count: number;
  uuid(row: number): string;
  email(row: number): string;
  fields(row: number): PersonFields;
  rowOfUuid(uuid: string): number | undefined;
  rowOfEmail(email: string): number | undefined;
}

interface Lag {
  /** What every replica showed before the first version. */
  base: UserState;
  versions: { state: UserState; visibleAt: readonly number[] }[];
}

/**
 * All users by row, in order of creation: the true state in typed arrays, and changes that replicas
 * don't show yet.
 */
export class Population {
  size = 0;
  existing = 0;
  private holdings = new Int32Array(1024);
  private modified = new Float64Array(1024);
  private exists = new Uint8Array(1024);
  private readonly fields = new Map<number, PersonFields>();
  private readonly ids = new Map<number, string>();
  private readonly rowByKey = new Map<string, number>();
  private readonly rowByEmail = new Map<string, number>();
  private readonly lags = new Map<number, Lag>();

  constructor(
    private readonly catalog: Catalog,
    private readonly generated: GeneratedPeople | null,
  ) {}

  /** Adds the next row. Generated people have the first rows and need no id. */
  append(state: UserState, id: string | null): number {
    const row = this.size;
    this.reserve(row + 1);
    this.size += 1;
    if (id !== null) {
      this.ids.set(row, id);
      this.rowByKey.set(valueOfId('PEOPLE', id) ?? id, row);
    }
    this.store(row, state);
    return row;
  }

  truth(row: number): UserState {
    return {
      holding: this.holdings[row] ?? 0,
      fields: this.fields.get(row) ?? null,
      exists: this.exists[row] === 1,
      modifiedAt: this.modified[row] ?? 0,
    };
  }

  /** What this replica shows at this time. */
  seen(row: number, replica: number, now: number): UserState {
    const lag = this.lags.size === 0 ? undefined : this.lags.get(row);
    if (!lag) return this.truth(row);
    let state = lag.base;
    for (const version of lag.versions) {
      if ((version.visibleAt[replica] ?? 0) <= now) state = version.state;
    }
    if (lag.versions.every((one) => one.visibleAt.every((at) => at <= now))) this.lags.delete(row);
    return state;
  }

  /** Rows whose true state some replica may not show yet. */
  lagging(): Iterable<number> {
    return this.lags.keys();
  }

  /** Sets the true state; `visibleAt`: one time per replica, or null to show it immediately. */
  set(row: number, state: UserState, visibleAt: readonly number[] | null): void {
    const before = this.truth(row);
    if (visibleAt) this.delay(row, before, state, visibleAt);
    else this.lags.delete(row);
    if (before.exists) {
      this.catalog.count(before.holding, -1);
      this.existing -= 1;
    }
    this.store(row, state);
  }

  id(row: number): string | undefined {
    return this.ids.get(row);
  }

  isGenerated(row: number): boolean {
    return this.generated !== null && row < this.generated.count;
  }

  uuid(row: number): string {
    if (this.generated && row < this.generated.count) return this.generated.uuid(row);
    const id = this.ids.get(row) ?? '';
    return valueOfId('PEOPLE', id) ?? id;
  }

  fieldsOf(row: number, state: UserState): PersonFields {
    return state.fields ?? this.generated?.fields(row) ?? {};
  }

  /** The row of a person id or raw UUID, deleted users included. */
  rowOf(id: string): number | undefined {
    const key = valueOfId('PEOPLE', id) ?? id;
    return this.rowByKey.get(key) ?? this.generated?.rowOfUuid(key);
  }

  rowOfEmail(email: string): number | undefined {
    const wanted = email.toLowerCase();
    const row = this.rowByEmail.get(wanted);
    if (row !== undefined) return row;
    const generated = this.generated?.rowOfEmail(wanted);
    return generated !== undefined && !this.fields.has(generated) ? generated : undefined;
  }

  private store(row: number, state: UserState): void {
    this.holdings[row] = state.holding;
    this.modified[row] = state.modifiedAt;
    this.exists[row] = state.exists ? 1 : 0;
    this.forgetEmails(row);
    if (state.fields) {
      this.fields.set(row, state.fields);
      if (state.exists) for (const email of emailsOf(state.fields)) this.rowByEmail.set(email, row);
    }
    if (state.exists) {
      this.catalog.count(state.holding, 1);
      this.existing += 1;
    }
  }

  private delay(
    row: number,
    before: UserState,
    state: UserState,
    visibleAt: readonly number[],
  ): void {
    const lag = this.lags.get(row) ?? { base: before, versions: [] };
    // A later write never shows before an earlier one of the same user.
    const last = lag.versions.at(-1)?.visibleAt ?? [];
    const times = visibleAt.map((at, replica) => Math.max(at, last[replica] ?? 0));
    lag.versions.push({ state, visibleAt: times });
    this.lags.set(row, lag);
  }

  private forgetEmails(row: number): void {
    const old = this.fields.get(row);
    if (!old) return;
    for (const email of emailsOf(old)) {
      if (this.rowByEmail.get(email) === row) this.rowByEmail.delete(email);
    }
  }

  private reserve(rows: number): void {
    if (rows <= this.holdings.length) return;
    const length = Math.max(rows, Math.ceil(this.holdings.length * 1.5));
    this.holdings = grown(this.holdings, new Int32Array(length));
    this.modified = grown(this.modified, new Float64Array(length));
    this.exists = grown(this.exists, new Uint8Array(length));
  }
}

export function emailsOf(fields: PersonFields): string[] {
  const emails = fields.emails;
  return Array.isArray(emails) ? emails.map((email) => String(email).toLowerCase()) : [];
}

function grown<T extends { set(from: T): void }>(from: T, into: T): T {
  into.set(from);
  return into;
}

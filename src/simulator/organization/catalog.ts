import { decodeId, readLicenseValue } from './ids';

/** A license of the organization. `listed: false` means held by people but absent from `GET /licenses`. */
export interface CatalogLicense {
  index: number;
  id: string;
  offer: string;
  site: string | null;
  listed: boolean;
  /** `users`: as many units as there are users, as the free licenses have; null: nobody said. */
  totalUnits: number | 'users' | null;
  subscriptionId: string | null;
  /** Null where Webex says null (`BCRLC`). */
  workspaces: number | null;
  /** What `GET /licenses` counted beyond the people known here. */
  uncountedUsers: number;
  /** Name, site type and whatever else came along. */
  fields: Record<string, unknown>;
}

/** One combination of licenses and attendee sites; users who hold the same share one. */
export interface Holding {
  key: number;
  /** Catalog indices, ascending. */
  licenses: readonly number[];
  ids: readonly string[];
  attendeeSites: readonly string[];
}

/** Licenses, and the interned combinations of them that people hold. */
export class Catalog {
  readonly licenses: CatalogLicense[] = [];
  readonly holdings: Holding[] = [];
  /** Users per license, by index: the truth. */
  readonly heldBy: number[] = [];
  private readonly byId = new Map<string, CatalogLicense>();
  private readonly byValue = new Map<string, CatalogLicense>();
  private readonly byCombination = new Map<string, Holding>();
  /** Sites on which somebody was attendee: a site need not have a license here. */
  private readonly attended = new Set<string>();

  constructor() {
    this.intern([], []);
  }

  add(
    license: Omit<CatalogLicense, 'index' | 'offer' | 'site'> & { site?: string | null },
  ): number {
    const value = decodeId('LICENSE', license.id);
    const parts = value === undefined ? undefined : readLicenseValue(value);
    const entry: CatalogLicense = {
      ...license,
      index: this.licenses.length,
      offer: parts?.offer ?? '',
      site: license.site ?? parts?.site?.toLowerCase() ?? null,
    };
    this.licenses.push(entry);
    this.heldBy.push(0);
    this.byId.set(license.id, entry);
    if (value !== undefined) this.byValue.set(value, entry);
    return entry.index;
  }

  /** By id as it was given, with or without base64 padding. */
  find(id: string): CatalogLicense | undefined {
    const exact = this.byId.get(id);
    if (exact) return exact;
    const value = decodeId('LICENSE', id);
    return value === undefined ? undefined : this.byValue.get(value);
  }

  at(index: number): CatalogLicense {
    const license = this.licenses[index];
    if (!license) throw new RangeError(`No license at ${index}`);
    return license;
  }

  /** The shared holding for these licenses and sites. */
  intern(licenses: Iterable<number>, attendeeSites: Iterable<string>): Holding {
    const sorted = [...new Set(licenses)].sort((a, b) => a - b);
    const sites = [...new Set(attendeeSites)].sort();
    const combination = `${sorted.join(',')}|${sites.join(',')}`;
    const known = this.byCombination.get(combination);
    if (known) return known;
    const holding: Holding = {
      key: this.holdings.length,
      licenses: sorted,
      ids: sorted.map((index) => this.at(index).id),
      attendeeSites: sites,
    };
    this.holdings.push(holding);
    for (const site of sites) this.attended.add(site);
    this.byCombination.set(combination, holding);
    return holding;
  }

  holding(key: number): Holding {
    const holding = this.holdings[key];
    if (!holding) throw new RangeError(`No holding ${key}`);
    return holding;
  }

  /** All meeting sites. */
  sites(): string[] {
    const licensed = this.licenses.flatMap((one) => (one.site === null ? [] : [one.site]));
    return [...new Set([...licensed, ...this.attended])];
  }

  hostSites(holding: Holding): string[] {
    const sites = holding.licenses.flatMap((index) => this.at(index).site ?? []);
    return [...new Set(sites)];
  }

  count(key: number, by: 1 | -1): void {
    for (const index of this.holding(key).licenses) {
      this.heldBy[index] = (this.heldBy[index] ?? 0) + by;
    }
  }
}

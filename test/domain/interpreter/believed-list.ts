/** A plain reading of R88 and R89 for one list over many checks, which the mirror is compared with. */

/** What one check of the watch is shown: a first list and, after the pause, a second one. */
export interface Check {
  first: readonly string[];
  second: readonly string[];
}

interface Entry {
  isGone: boolean;
  /** Checks in a row that showed it in neither list; 0 while it is shown. */
  missedChecks: number;
  /** Since some list that didn't show it; a list that does ends that. */
  isMissing: boolean;
}

export class BelievedList {
  private readonly entries = new Map<string, Entry>();

  constructor(baseline: readonly string[]) {
    this.show(baseline);
  }

  get listed(): string[] {
    return this.known.map(([id]) => id).sort();
  }

  check({ first, second }: Check): void {
    this.show(first);
    // Whoever the first list showed has only now gone missing: too late for this check.
    const missedTwice = this.known.filter(
      ([id, { isMissing }]) => isMissing && !second.includes(id),
    );
    this.show(second);
    for (const [, entry] of missedTwice) entry.missedChecks += 1;
    const [all, shown] = [this.known.length, this.known.filter(([, one]) => !one.isMissing).length];
    const seldom = missedTwice.filter(([, { missedChecks }]) => missedChecks < 2).length;
    const isPlausible = seldom <= 5 || seldom * 100 <= all * 10;
    for (const [, entry] of missedTwice) {
      entry.isGone = shown > 0 && (isPlausible || entry.missedChecks >= 2);
    }
  }

  private get known(): [string, Entry][] {
    return [...this.entries].filter(([, { isGone }]) => !isGone);
  }

  private show(list: readonly string[]): void {
    for (const [id, entry] of this.entries) if (!list.includes(id)) entry.isMissing = true;
    for (const id of list) {
      this.entries.set(id, { isGone: false, missedChecks: 0, isMissing: false });
    }
  }
}

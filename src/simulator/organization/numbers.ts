/** A phone number of the organization. */
export interface PhoneNumber {
  /** E.164. */
  number: string;
  /** Null: bought, but at no location. */
  locationUuid: string | null;
  /** Id of the person or place that has it; null: not assigned. */
  ownerId: string | null;
}

/** The inventory of phone numbers. Generated ones are made on first use: most simulators need none. */
export class Numbers {
  private all: Map<string, PhoneNumber> | null = null;
  private readonly changed = new Map<string, PhoneNumber | null>();

  constructor(private readonly generated: () => Iterable<PhoneNumber>) {}

  find(number: string): PhoneNumber | undefined {
    return this.filled().get(number);
  }

  hasAny(): boolean {
    return this.filled().size > 0;
  }

  /** In order of the number. */
  list(): PhoneNumber[] {
    return [...this.filled().values()].sort((a, b) => (a.number < b.number ? -1 : 1));
  }

  /** Null removes the number. */
  set(number: string, entry: PhoneNumber | null): void {
    if (!this.all) this.changed.set(number, entry);
    else if (entry) this.all.set(number, entry);
    else this.all.delete(number);
  }

  private filled(): Map<string, PhoneNumber> {
    if (this.all) return this.all;
    this.all = new Map([...this.generated()].map((one) => [one.number, one]));
    for (const [number, entry] of this.changed) this.set(number, entry);
    this.changed.clear();
    return this.all;
  }
}

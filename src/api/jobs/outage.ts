/** Since when a server hasn't answered, as far as the questions of this process show. */
export class Outage {
  private since: Date | null = null;

  constructor(
    private readonly ask: () => Promise<boolean>,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Asks now. Null: it answers. */
  async awaySince(): Promise<Date | null> {
    const answers = await this.ask();
    this.since = answers ? null : (this.since ?? this.now());
    return this.since;
  }
}

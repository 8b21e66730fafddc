/** The simulator's time: real time plus an offset that the controls increase. */
export class Clock {
  offsetMs = 0;

  constructor(private readonly realNow: () => number = Date.now) {}

  now(): number {
    return this.realNow() + this.offsetMs;
  }

  /** Wall clock, for the log of writes. */
  wall(): number {
    return this.realNow();
  }
}

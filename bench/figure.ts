/** One line of the printed table. */
export interface Figure {
  figure: string;
  /** What Seatwise did, with its unit. */
  measured: string;
  /** What it is measured beside, in the same run, with its unit. */
  peer: string;
  ratio: string;
  goal: string;
  isMet: boolean;
}

export interface Bench {
  signal: AbortSignal;
  /** Smaller numbers and shorter windows: for trying the bench itself, not for quoting. */
  isQuick: boolean;
  /** A line for whoever waits. */
  say: (line: string) => void;
}

/** Measures one kind of figure in worlds of its own; what it started has ended when it returns. */
export type Measure = (bench: Bench) => Promise<Figure[]>;

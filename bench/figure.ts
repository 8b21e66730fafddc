/** One line of the printed table. */
export interface Figure {
  figure: string;
  /** The result of Seatwise, with its unit. */
  measured: string;
  /** The result that it is compared with, from the same run, with its unit. */
  peer: string;
  ratio: string;
  goal: string;
  isMet: boolean;
  /** Why there is no result: one sentence. */
  unreached?: string;
}

export interface Bench {
  signal: AbortSignal;
  /** Smaller numbers and shorter windows: to test the bench itself, not to quote. */
  isQuick: boolean;
  /** Prints a line of progress. */
  say: (line: string) => void;
  /** Adds a sentence that is printed below the table. */
  note: (sentence: string) => void;
}

/** Measures one kind of figure on its own servers. They have stopped when it returns. */
export type Measure = (bench: Bench) => Promise<Figure[]>;

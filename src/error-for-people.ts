/** Something this machine lacks: one sentence that says what to do, without a stack for the user. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}

export type OnProgress = (line: string) => void;

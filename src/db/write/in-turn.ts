/**
 * Permits and outcomes of a rollout take turns at its row, whose lock each holds until its commit is on
 * disk. A crowd that waits for the lock inside the database costs it more than the work: it waits here.
 */

/** One holds the lock, one waits for it, and one is on its way: more don't write faster. */
const atOnce = 3;

interface Turns {
  running: number;
  /** Those who wait begin in the order in which they came. */
  waiting: (() => void)[];
}

const known = new WeakMap<object, Map<string, Turns>>();

/** Runs a statement about a rollout's row as soon as few enough of this process are under way. */
export async function inTurn<T>(db: object, rolloutId: string, work: () => Promise<T>): Promise<T> {
  const ofDb = known.get(db) ?? new Map<string, Turns>();
  known.set(db, ofDb);
  const turns = ofDb.get(rolloutId) ?? { running: 0, waiting: [] };
  ofDb.set(rolloutId, turns);
  if (turns.running < atOnce) turns.running += 1;
  else await new Promise<void>((begin) => turns.waiting.push(begin));
  try {
    return await work();
  } finally {
    // The place goes to the next one, or is given back; nothing is kept of a rollout that rests.
    const next = turns.waiting.shift();
    if (next) next();
    else turns.running -= 1;
    if (turns.running === 0) ofDb.delete(rolloutId);
  }
}

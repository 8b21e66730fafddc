export interface SlidingWindow<Item> {
  /** Items in flight at once, at most; asked before each item. */
  size: () => number;
  /** Asked before each item: begin it, hold it back for now, or begin no more. */
  control: () => 'run' | 'hold' | 'stop';
  run: (item: Item) => Promise<unknown>;
  /** Items with another number wait until all those before them have ended. */
  stepOf?: (item: Item) => number;
  /** Waits until the predicate holds: `condition` in a workflow. */
  until: (predicate: () => boolean) => Promise<void>;
}

/**
 * Runs the items in order, as many at once as the window holds: each one that ends lets the next
 * begin. Returns when all that began have ended. After a failure none begins any more, and the first
 * failure is thrown once those in flight have ended.
 */
export async function slidingWindow<Item>(
  items: readonly Item[],
  { size, control, run, until, stepOf = () => 0 }: SlidingWindow<Item>,
): Promise<void> {
  let inFlight = 0;
  let step: number | null = null;
  const failures: unknown[] = [];
  const isOver = () => failures.length > 0 || control() === 'stop';

  for (const item of items) {
    const hasRoom = () => inFlight === 0 || (inFlight < size() && stepOf(item) === step);
    await until(() => isOver() || (control() === 'run' && hasRoom()));
    if (isOver()) break;
    step = stepOf(item);
    inFlight += 1;
    void run(item)
      .catch((error: unknown) => failures.push(error))
      .finally(() => {
        inFlight -= 1;
      });
  }
  await until(() => inFlight === 0);
  if (failures.length > 0) throw failures[0];
}

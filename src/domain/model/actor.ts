/** Who asked for something, as the audit log keeps it. */
export interface Actor {
  name: string;
  role: string;
}

/** Stands in the audit log where nobody asked: the watch, upkeep, and the rollout's own moves. */
export const systemActor: Actor = { name: 'seatwise', role: 'system' };

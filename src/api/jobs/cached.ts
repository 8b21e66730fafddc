/**
 * Reuses recent answers; concurrent callers share one question. A question that failed is asked again
 * by the next caller.
 */
export function cached<T>(
  ageMs: number,
  ask: (key: string) => Promise<T>,
  nowMs: () => number = Date.now,
): (key: string) => Promise<T> {
  const held = new Map<string, { at: number; answer: Promise<T> }>();
  return (key) => {
    const now = nowMs();
    for (const [other, { at }] of held) if (now - at >= ageMs) held.delete(other);
    const known = held.get(key);
    if (known) return known.answer;
    const answer = ask(key);
    held.set(key, { at: now, answer });
    answer.catch(() => held.delete(key));
    return answer;
  };
}

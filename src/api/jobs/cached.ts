/** Where an answer takes its time: what was answered before is good enough for a while. */
export interface Patience {
  /** How long a caller waits for a new answer. */
  waitMs: number;
  /** How old the answer before may be. */
  oldestMs: number;
}

interface Answered<T> {
  at: number;
  value: T;
}

interface Question<T> {
  at: number;
  answer: Promise<T>;
  /** Set once there is an answer. */
  answered: Answered<T> | undefined;
  before: Answered<T> | undefined;
}

/**
 * Reuses recent answers; concurrent callers share one question. A question that failed is asked again
 * by the next caller. With `patience`, a caller who has had no new answer in time gets the one before.
 */
export function cached<T>(
  ageMs: number,
  ask: (key: string) => Promise<T>,
  { nowMs = Date.now, patience }: { nowMs?: () => number; patience?: Patience } = {},
): (key: string) => Promise<T> {
  const { waitMs, oldestMs } = patience ?? { waitMs: 0, oldestMs: ageMs };
  const held = new Map<string, Question<T>>();
  const askAnew = (key: string, at: number): Question<T> => {
    const before = held.get(key)?.answered ?? held.get(key)?.before;
    const question: Question<T> = { at, answer: ask(key), answered: undefined, before };
    held.set(key, question);
    question.answer.then(
      (value) => (question.answered = { at, value }),
      () => {
        if (held.get(key) === question) held.delete(key);
      },
    );
    return question;
  };
  return (key) => {
    const now = nowMs();
    for (const [other, { at }] of held) if (now - at >= oldestMs) held.delete(other);
    const known = held.get(key);
    const { answer, before } = known && now - known.at < ageMs ? known : askAnew(key, now);
    return before && now - before.at < oldestMs ? unlessLate(answer, waitMs, before.value) : answer;
  };
}

/** What is there by then. */
async function unlessLate<T>(answer: Promise<T>, ms: number, otherwise: T): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<T>((resolve) => {
    timer = setTimeout(() => resolve(otherwise), ms);
  });
  try {
    return await Promise.race([answer, late]);
  } finally {
    clearTimeout(timer);
  }
}

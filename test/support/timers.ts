import type { temporal } from '@temporalio/proto';

type Events = temporal.api.history.v1.IHistory['events'];

export interface StartedTimer {
  eventId: number;
  durationMs: number;
  hasFired: boolean;
  /** When it is due, by the workflow's own clock (epoch milliseconds). */
  dueAtMs: number;
}

/** The timers of a workflow, in order, as its history has them. */
export function timersOf(events: Events): StartedTimer[] {
  const all = events ?? [];
  const fired = new Set(all.map((event) => event.timerFiredEventAttributes?.timerId));
  const timers: StartedTimer[] = [];
  // What a workflow takes for now is the start of the task in which it asks for the timer.
  let nowMs = 0;
  for (const event of all) {
    if (event.workflowTaskStartedEventAttributes) nowMs = millisecondsOf(event.eventTime);
    const timer = event.timerStartedEventAttributes;
    if (!timer) continue;
    const durationMs = millisecondsOf(timer.startToFireTimeout);
    timers.push({
      eventId: Number(event.eventId),
      durationMs,
      hasFired: fired.has(timer.timerId),
      dueAtMs: nowMs + durationMs,
    });
  }
  return timers;
}

function millisecondsOf(
  time: { seconds?: unknown; nanos?: number | null } | null | undefined,
): number {
  return Number(time?.seconds ?? 0) * 1_000 + Math.floor((time?.nanos ?? 0) / 1_000_000);
}

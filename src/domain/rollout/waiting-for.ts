import { counted } from '../model/wording';
import { isFinal, type Phase } from './rollout-phase';

/** Everything that can keep a rollout waiting. Instants are ISO texts; what is unknown is left out. */
export interface WaitFacts {
  phase: Phase;
  /** Wave being written or judged; 0 is the pilot. */
  wave?: number | null;
  paused?: { by: string | null; reason: string | null } | null;
  /** Pause or abort was accepted then, and no workflow has taken it yet. */
  brakeAt?: string | null;
  /** A guard has tripped. */
  hold?: string | null;
  /** Why it is halted, or why the gate didn't open automatically. */
  phaseReason?: string | null;
  /** Why the last read of Webex failed. */
  readTrouble?: string | null;
  soaksUntil?: string | null;
  /** Users between two attempts, and what the last one of them met. */
  retrying?: { users: number; lastError: string | null } | null;
  /** Users whom another rollout is writing, and its title. */
  busy?: { users: number; rollout: string } | null;
  /** The organization may not be written to before then. */
  throttled?: { until: string; reason: string | null } | null;
  deadlineAt?: string | null;
  /** It has ended early, and its written users are still verified. */
  verifyingUntil?: string | null;
  /** Users who wait for a unit. */
  withoutUnit?: number;
  /** Why this plan can never be started: it is a preview. */
  neverStarts?: string | null;
  /** Why it can't be started now: guards, another rollout that writes. */
  startObstacle?: string | null;
  /** Why the plan that stands couldn't be replaced by another one. */
  planTrouble?: string | null;
  /** An accepted action that was refused when it was delivered. */
  refused?: { action: string; why: string } | null;
}

/**
 * One line for people: what a rollout waits for, and what they can do. Null: for nothing; it is writing,
 * or it has ended and nobody is left.
 *
 * What stops everything comes first; what only slows it down is listed together.
 */
export function waitingFor(facts: WaitFacts): string | null {
  if (facts.brakeAt && !isFinal(facts.phase)) {
    return `a worker: pause or abort was accepted at ${facts.brakeAt}, and no write begins`;
  }
  return waits[facts.phase](facts);
}

const waits: Readonly<Record<Phase, (facts: WaitFacts) => string | null>> = {
  planning: (facts) => trouble(facts) ?? 'the plan',
  planned: decision,
  piloting: whileWriting,
  'awaiting-promotion': (facts) =>
    facts.paused ? pause(facts) : sentence('promote or abort', facts.phaseReason),
  'rolling-out': whileWriting,
  verifying: (facts) => joined([seen(facts), trouble(facts), facts.paused && pause(facts)]),
  halted: ({ phaseReason }) => sentence('resume, replan or abort', phaseReason),
  completed: afterTheEnd,
  aborted: afterTheEnd,
  failed: afterTheEnd,
  expired: () => null,
  discarded: () => null,
};

function decision({ neverStarts, startObstacle, refused, planTrouble }: WaitFacts): string {
  if (neverStarts) return 'discard';
  const why = refused ? `${refused.action} was refused: ${refused.why}` : startObstacle;
  return sentence('start, replan or discard', planTrouble ?? why);
}

function whileWriting(facts: WaitFacts): string | null {
  if (facts.paused) return pause(facts);
  const { hold, soaksUntil, throttled, retrying, busy, wave } = facts;
  if (hold) return sentence('the halt', hold);
  return joined([
    throttled && sentence(`Webex, not before ${throttled.until}`, throttled.reason),
    trouble(facts),
    soaksUntil && `the soak time of ${waveName(wave)}, until ${soaksUntil}`,
    facts.deadlineAt && seen(facts),
    retrying && retrying.users > 0 && repeated(retrying),
    busy &&
      `another rollout to finish its write of ${counted(busy.users, 'user')}: ${busy.rollout}`,
  ]);
}

function repeated({ users, lastError }: NonNullable<WaitFacts['retrying']>): string {
  return sentence(`the next attempt for ${counted(users, 'user')}`, lastError);
}

function seen({ deadlineAt }: WaitFacts): string {
  return `Webex to show every change${deadlineAt ? `, until ${deadlineAt}` : ''}`;
}

function trouble({ readTrouble }: WaitFacts): string | null {
  return readTrouble ? `Webex to answer: ${readTrouble}` : null;
}

function pause({ phase, paused }: WaitFacts): string {
  const who = `${phase === 'verifying' ? 'repeated writes are paused' : 'paused'}${
    paused?.by ? ` by ${paused.by}` : ''
  }`;
  return sentence(`resume or abort: ${who}`, paused?.reason);
}

function afterTheEnd(facts: WaitFacts): string | null {
  const { verifyingUntil, withoutUnit = 0 } = facts;
  return joined([
    verifyingUntil && `Webex to show what was written, until ${verifyingUntil}`,
    verifyingUntil && trouble(facts),
    withoutUnit > 0 && `a unit for ${counted(withoutUnit, 'user')}: added automatically`,
  ]);
}

function waveName(wave: number | null | undefined): string {
  return wave === 0 ? 'the pilot' : `wave ${wave ?? 1}`;
}

function sentence(what: string, why: string | null | undefined): string {
  return why ? `${what}: ${why}` : what;
}

function joined(parts: readonly (string | null | undefined | false)[]): string | null {
  return parts.filter(Boolean).join('; ') || null;
}

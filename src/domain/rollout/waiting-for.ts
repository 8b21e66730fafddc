import { counted } from '../model/text/wording';
import { isFinal, type Phase } from './rollout-phase';
import { owedPatienceMinutes } from './what-is-left';

/** Everything that can keep a rollout waiting. Instants are ISO texts; what is unknown is left out. */
export interface WaitFacts {
  phase: Phase;
  /** Wave being written or judged; 0 is the pilot. */
  wave?: number | null;
  paused?: { by: string | null; reason: string | null } | null;
  /** Pause or abort was accepted then, and no workflow has taken it yet. */
  brakeAt?: string | null;
  /** Any other action that was accepted then, and that no workflow has taken yet. */
  accepted?: { action: string; at: string } | null;
  /** No worker of the organization has told lately that it can work. */
  noWorker?: NoWorker | null;
  /** A guard has tripped. */
  hold?: string | null;
  /** Why it is halted, or why the gate didn't open automatically. */
  phaseReason?: string | null;
  /** A part of the work that fails by itself, and is repeated. */
  workTrouble?: WorkTrouble | null;
  /** Why the last read of Webex failed. */
  readTrouble?: string | null;
  soaksUntil?: string | null;
  /** Users whose attempts fail, what the last one met, and since when. */
  retrying?: { users: number; lastError: string | null; since?: string | null } | null;
  /** Users whom another rollout is writing, and its title. */
  busy?: { users: number; rollout: string } | null;
  /** The organization may not be written to before then. */
  throttled?: { until: string; reason: string | null } | null;
  deadlineAt?: string | null;
  /** It has ended early, and its written users are still verified. */
  verifyingUntil?: string | null;
  /** Users to whom something is owed (R95), and why it couldn't be put back yet. */
  owed?: { users: number; lastError: string | null } | null;
  /** Users of a rollout that has ended whose last write is still under way. */
  lastWrites?: number;
  /** The rollout whose users this plan takes up, and what that one still waits for. */
  predecessor?: { rolloutId: string; waitsFor: string | null } | null;
  /** It starts without anybody's decision. */
  isAutomatic?: boolean;
  /** Users who wait for a unit. */
  withoutUnit?: number;
  /** Why this plan can never be started: it is a preview. */
  neverStarts?: string | null;
  /** Why it can't be started now: guards, another rollout that writes. */
  startObstacle?: string | null;
  /** Why the plan that stands couldn't be replaced by another one. */
  planTrouble?: string | null;
  /** Why Temporal hasn't started its workflow. */
  unstarted?: string | null;
  /** Why the plan was found to be out of date when somebody last asked to go on (R101). */
  planStale?: string | null;
  /** An accepted action that was refused when it was delivered. */
  refused?: { action: string; why: string } | null;
}

/** A bug, or a statement that the database refuses: Temporal repeats the activity until it is mended. */
export interface WorkTrouble {
  activity: string;
  error: string;
  since: string;
}

/** What keeps the workers of an organization from work. */
export interface NoWorker {
  /** When one was last able to work; null: none has been yet. */
  since: string | null;
  /** Why one that is there can't check its token. */
  trouble: string | null;
  /** Since when Temporal can't be reached: then no worker is to blame. */
  temporalAwaySince?: string | null;
}

/**
 * One line for people: what a rollout waits for, and what they can do. Null: for nothing; it is writing,
 * or it has ended and nobody is left.
 *
 * What stops everything comes first; what only slows it down is listed together.
 */
export function waitingFor(facts: WaitFacts): string | null {
  const own = untaken(facts) ?? joined([waits[facts.phase](facts), ownError(facts), debt(facts)]);
  return isFinal(facts.phase) && own === null ? null : joined([own, workerAway(facts.noWorker)]);
}

/** An action that nobody has carried out yet comes before all that the rollout waited for until then. */
function untaken({ phase, brakeAt, accepted, noWorker }: WaitFacts): string | null {
  if (isFinal(phase)) return null;
  const taker = noWorker?.temporalAwaySince ? 'Temporal' : 'a worker';
  if (brakeAt) return `${taker}: pause or abort was accepted at ${brakeAt}, and no write begins`;
  return accepted ? `${taker}: ${accepted.action} was accepted at ${accepted.at}` : null;
}

/** What is waited for while no worker of the organization can work. */
export function workerAway(noWorker: WaitFacts['noWorker']): string | null {
  if (!noWorker) return null;
  const { since, trouble, temporalAwaySince } = noWorker;
  if (temporalAwaySince) return `Temporal to answer: unreachable since ${temporalAwaySince}`;
  if (trouble) return `Webex to say which organization the worker's token opens: ${trouble}`;
  return since ? `a worker: none has been seen since ${since}` : 'a worker: none has been seen yet';
}

function ownError({ phase, workTrouble }: WaitFacts): string | null {
  if (!workTrouble || isFinal(phase)) return null;
  const { activity, error, since } = workTrouble;
  return `an error of Seatwise itself to be mended: ${activity} fails and is repeated: ${error} (since ${since})`;
}

/** What was removed, and has to be put back whatever becomes of the rollout. */
function debt(facts: WaitFacts): string | null {
  const { owed } = facts;
  if (!owed || owed.users === 0) return null;
  const back = `the putting back of what ${counted(owed.users, 'user')} lost`;
  return joined([!isThrottleSaid(facts) && throttle(facts), sentence(back, owed.lastError)]);
}

function isThrottleSaid({ phase, paused, hold }: WaitFacts): boolean {
  if (paused) return false;
  return phase === 'verifying' || (!hold && (phase === 'piloting' || phase === 'rolling-out'));
}

function throttle({ throttled }: WaitFacts): string | null {
  return throttled ? sentence(`Webex, not before ${throttled.until}`, throttled.reason) : null;
}

const waits: Readonly<Record<Phase, (facts: WaitFacts) => string | null>> = {
  planning,
  planned: decision,
  piloting: whileWriting,
  'awaiting-promotion': gate,
  'rolling-out': whileWriting,
  verifying: (facts) =>
    joined([seen(facts), trouble(facts), facts.paused ? pause(facts) : throttle(facts)]),
  halted: (facts) => sentence('resume, replan or abort', refusal(facts) ?? facts.phaseReason),
  completed: afterTheEnd,
  aborted: afterTheEnd,
  failed: afterTheEnd,
  expired: () => null,
  discarded: () => null,
};

function planning(facts: WaitFacts): string {
  const { unstarted, predecessor } = facts;
  if (unstarted) return `Temporal to start its workflow: ${unstarted}`;
  return joined([trouble(facts), predecessor && firstRollout(predecessor)]) ?? 'the plan';
}

function firstRollout({ rolloutId, waitsFor }: NonNullable<WaitFacts['predecessor']>): string {
  const first = sentence(`rollout ${rolloutId}, whose users it takes up`, waitsFor);
  return `${first} (planned at the latest ${owedPatienceMinutes} minutes after its end, without users to whom something is owed; discard it to wait no longer)`;
}

function decision(facts: WaitFacts): string {
  const { neverStarts, startObstacle, planTrouble, isAutomatic } = facts;
  if (neverStarts) return 'discard';
  if (isAutomatic) return 'its automatic start';
  return sentence('start, replan or discard', planTrouble ?? refusal(facts) ?? startObstacle);
}

function gate(facts: WaitFacts): string {
  if (facts.paused) return pause(facts);
  const objection = facts.phaseReason === '' ? null : facts.phaseReason;
  return sentence('promote, replan or abort', refusal(facts) ?? objection ?? facts.hold);
}

function refusal({ refused, planStale }: WaitFacts): string | null {
  if (refused) return `${refused.action} was refused: ${refused.why}`;
  return planStale ? `the last attempt to go on was refused: ${planStale}` : null;
}

function whileWriting(facts: WaitFacts): string | null {
  if (facts.paused) return pause(facts);
  const { hold, soaksUntil, retrying, busy, wave } = facts;
  if (hold) return sentence('the halt', hold);
  return joined([
    throttle(facts),
    trouble(facts),
    soaksUntil && `the soak time of ${waveName(wave)}, until ${soaksUntil}`,
    facts.deadlineAt && seen(facts),
    retrying && retrying.users > 0 && repeated(retrying),
    busy &&
      `another rollout to finish its write of ${counted(busy.users, 'user')}: ${busy.rollout}`,
  ]);
}

function repeated({ users, lastError, since }: NonNullable<WaitFacts['retrying']>): string {
  const attempts = sentence(`the next attempt for ${counted(users, 'user')}`, lastError);
  return since ? `${attempts} (since ${since})` : attempts;
}

function seen({ deadlineAt }: WaitFacts): string {
  return `Webex to show every change${deadlineAt ? `, until ${deadlineAt}` : ''}`;
}

function trouble({ readTrouble }: WaitFacts): string | null {
  return readTrouble ? `Webex to answer: ${readTrouble}` : null;
}

function pause(facts: WaitFacts): string {
  const { phase, paused } = facts;
  const refused = refusal(facts);
  const who = `${phase === 'verifying' ? 'repeated writes are paused' : 'paused'}${
    paused?.by ? ` by ${paused.by}` : ''
  }`;
  if (refused) return sentence(`resume, replan or abort: ${who}`, refused);
  return sentence(`resume or abort: ${who}`, paused?.reason);
}

function afterTheEnd(facts: WaitFacts): string | null {
  const { verifyingUntil, withoutUnit = 0, lastWrites = 0 } = facts;
  return joined([
    lastWrites > 0 && `the last writes of ${counted(lastWrites, 'user')} to end`,
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

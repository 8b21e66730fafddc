/** How fast an organization is written to, as data: callers keep the state and pass the time. */
export interface PaceState {
  /** What the administrator allows. */
  configuredPerSecond: number;
  /** Set while running; false: the configured default, which a later start may change. */
  isSet: boolean;
  /** What is in force now. */
  currentPerSecond: number;
  /** The rate of Webex's last 429; null before the first, and once the rate was exceeded safely. */
  knownBadPerSecond: number | null;
  /** When the rate was last halved. */
  throttledAtMs: number | null;
  /** When the rate last changed, in either direction. */
  changedAtMs: number | null;
}

/** 429s that arrive this soon after a halving belong to calls that were on their way already. */
const halvingPauseMs = 5_000;
/** Up to this share of the failing rate the pace recovers quickly, above it by slow probing. */
const quickShare = 0.85;
const carefulShare = 0.96;
const quickStepMs = 2_000;
const quickFactor = 1.25;
const probeStepMs = 10_000;
const probeShare = 0.01;
const carefulStepMs = 60_000;
const carefulStepShare = 0.005;
/** Past the failing rate by this much without a 429: it isn't the limit any more. */
const forgetShare = 1.03;
const leastPerSecond = 0.1;

export function startPace(configuredPerSecond: number): PaceState {
  return {
    configuredPerSecond,
    isSet: false,
    currentPerSecond: configuredPerSecond,
    knownBadPerSecond: null,
    throttledAtMs: null,
    changedAtMs: null,
  };
}

/** After a 429 or 423: halves, at most once in five seconds, and remembers the rate that failed. */
export function onThrottled(state: PaceState, nowMs: number): PaceState {
  if (state.throttledAtMs !== null && nowMs - state.throttledAtMs < halvingPauseMs) return state;
  // A 429 below a rate that failed before means that the limit is lower still.
  return {
    ...state,
    currentPerSecond: Math.max(leastPerSecond, state.currentPerSecond / 2),
    knownBadPerSecond: state.currentPerSecond,
    throttledAtMs: nowMs,
    changedAtMs: nowMs,
  };
}

/** Raises the pace by all steps that are due; can be called at any time. */
export function recover(state: PaceState, nowMs: number): PaceState {
  let next = state;
  while (next.changedAtMs !== null && next.currentPerSecond < next.configuredPerSecond) {
    const step = nextStep(next);
    if (nowMs - next.changedAtMs < step.afterMs) return next;
    next = { ...next, ...step.to, changedAtMs: next.changedAtMs + step.afterMs };
  }
  return next;
}

/** A new limit from the administrator: a lower one holds at once, a higher one is reached in steps after a 429. */
export function setConfigured(state: PaceState, perSecond: number, nowMs: number): PaceState {
  const mayJump = state.knownBadPerSecond === null || perSecond < state.currentPerSecond;
  return {
    ...state,
    configuredPerSecond: perSecond,
    isSet: true,
    currentPerSecond: mayJump ? perSecond : state.currentPerSecond,
    changedAtMs: state.changedAtMs === null ? null : nowMs,
  };
}

/** Adopts a new configured default, unless a pace was set while running. */
export function followDefault(state: PaceState, perSecond: number, nowMs: number): PaceState {
  if (state.isSet || state.configuredPerSecond === perSecond) return state;
  return { ...setConfigured(state, perSecond, nowMs), isSet: false };
}

interface Step {
  afterMs: number;
  to: Pick<PaceState, 'currentPerSecond' | 'knownBadPerSecond'>;
}

function nextStep(state: PaceState): Step {
  const { currentPerSecond, configuredPerSecond, knownBadPerSecond } = state;
  const bad = knownBadPerSecond ?? Infinity;
  const quickLimit = Math.min(configuredPerSecond, bad * quickShare);
  if (currentPerSecond < quickLimit) {
    const to = Math.min(quickLimit, currentPerSecond * quickFactor);
    return { afterMs: quickStepMs, to: { currentPerSecond: to, knownBadPerSecond } };
  }
  const isCareful = currentPerSecond >= bad * carefulShare;
  const share = isCareful ? carefulStepShare : probeShare;
  const to = Math.min(configuredPerSecond, currentPerSecond + bad * share);
  return {
    afterMs: isCareful ? carefulStepMs : probeStepMs,
    to: { currentPerSecond: to, knownBadPerSecond: to > bad * forgetShare ? null : bad },
  };
}

import type { Want, Loss } from '../decide/decision';

/** Which wants and losses of a decision are carried out. */
export interface Resolution {
  wantGoes: boolean[];
  lossGoes: boolean[];
  /** Wants without a unit whose user is made attendee meanwhile (R36): at most one on a site. */
  isAttendeeMeanwhile: boolean[];
  pending: 'unit' | 'host' | null;
}

/** The part of a decision that resolving looks at. */
export interface Resolvable {
  wants: readonly Pick<Want, 'pool' | 'site' | 'ifNoUnit' | 'needsAllRemovals' | 'needs'>[];
  losses: readonly Pick<Loss, 'replacedByWant' | 'target'>[];
  removalsWait: boolean;
}

export function attendeesMeanwhile(
  { wants }: Resolvable,
  wantGoes: readonly boolean[],
  hostSites: ReadonlySet<string | null>,
): boolean[] {
  const taken = new Set(hostSites);
  return wants.map(({ site, ifNoUnit }, i) => {
    if (wantGoes[i] === true || ifNoUnit !== 'become-attendee' || taken.has(site)) return false;
    taken.add(site);
    return true;
  });
}

/** Whoever is host on a site by another license waits for a unit like everybody (R46). */
export function pendingOf(
  { wants }: Resolvable,
  wantGoes: readonly boolean[],
  hostSites: ReadonlySet<string | null>,
): Resolution['pending'] {
  const waiting = wants.filter((_, i) => wantGoes[i] !== true);
  if (waiting.length === 0) return null;
  const isHostPending = waiting.every(
    ({ site, ifNoUnit }) => ifNoUnit !== 'wait' && !hostSites.has(site),
  );
  return isHostPending ? 'host' : 'unit';
}

/**
 * R46: what has a unit goes ahead, what hasn't waits, and the losses wait with it. A replacement
 * goes or waits as a whole (R40), and so does what would exclude a loss that waits.
 */
export function resolve(decision: Resolvable, hasUnit: (want: number) => boolean): Resolution {
  const wantGoes = decision.wants.map(({ pool }, want) => pool === null || hasUnit(want));
  let isComplete = !decision.removalsWait && wantGoes.every(Boolean);
  for (let isSettled = isComplete; !isSettled;) {
    isSettled = true;
    for (const [i, { needsAllRemovals, needs }] of decision.wants.entries()) {
      if (wantGoes[i] !== true) continue;
      if (!needsAllRemovals && needs.every((need) => wantGoes[need] === true)) continue;
      wantGoes[i] = false;
      isSettled = false;
    }
    isComplete = false;
  }
  const hostSites = new Set(
    decision.wants.flatMap(({ pool, site }, i) => (pool !== null && wantGoes[i] ? [site] : [])),
  );
  const lossGoes = decision.losses.map(({ replacedByWant, target }) => {
    if (replacedByWant === null) return isComplete;
    // Any host license on a site ends the attendee account there (R40).
    if (target.kind === 'attendee') return hostSites.has(target.site);
    return wantGoes[replacedByWant] === true;
  });
  const isAttendeeMeanwhile = attendeesMeanwhile(decision, wantGoes, hostSites);
  return {
    wantGoes,
    lossGoes,
    isAttendeeMeanwhile,
    pending: pendingOf(decision, wantGoes, hostSites),
  };
}

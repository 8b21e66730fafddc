import type { AttendeeWant, LicenseWant, Loss, WantIndex } from '../decide/decision';
import type { Pending } from '../model/outcome';

type WantPart = 'kind' | 'site' | 'needsAllRemovals' | 'needs';
export type ResolvableWant =
  Pick<LicenseWant, WantPart | 'ifNoUnit'> | Pick<AttendeeWant, WantPart>;
export type ResolvableLoss = Pick<Loss, 'replacedByWant' | 'target'>;

/** The part of a decision that resolving reads. */
export interface Resolvable<W extends ResolvableWant, L extends ResolvableLoss> {
  wants: readonly W[];
  losses: readonly L[];
  removalsWait: boolean;
}

/** Which wants and losses of a decision go ahead; the others wait. In the decision's order. */
export interface Resolution<W, L> {
  /** `meanwhile`: where the user is made attendee until a host unit is free (R36); once per site. */
  wants: readonly { want: W; goes: boolean; meanwhile: string | null }[];
  losses: readonly { loss: L; goes: boolean }[];
  pending: Pending;
}

/**
 * R46: wants with a unit go ahead, the others wait, and the losses wait with them. A replacement
 * goes ahead or waits as a whole (R40), and so does what would exclude a loss that waits.
 */
export function resolve<W extends ResolvableWant, L extends ResolvableLoss>(
  decision: Resolvable<W, L>,
  hasUnit: (want: WantIndex) => boolean,
): Resolution<W, L> {
  const { wants, losses, removalsWait } = decision;
  const goes = wantsThatGo(decision, hasUnit);
  const isComplete = !removalsWait && goes.every(Boolean);
  const hostSites = new Set<string>();
  for (const [i, { kind, site }] of wants.entries()) {
    if (kind === 'license' && site !== null && goes[i] === true) hostSites.add(site);
  }
  const lossGoes = ({ replacedByWant, target }: L) => {
    if (replacedByWant === null) return isComplete;
    // Any host license on a site ends the attendee account there (R40).
    if (target.kind === 'attendee') return hostSites.has(target.site);
    return goes[replacedByWant] === true;
  };
  return {
    wants: rowsOf(wants, goes, hostSites),
    losses: losses.map((loss) => ({ loss, goes: lossGoes(loss) })),
    pending: isComplete ? null : pendingOf(wants, goes, hostSites),
  };
}

/** What has no unit waits, and so does what needs it, until nothing more is found to wait. */
function wantsThatGo<W extends ResolvableWant>(
  { wants, removalsWait }: Resolvable<W, ResolvableLoss>,
  hasUnit: (want: WantIndex) => boolean,
): boolean[] {
  const goes = wants.map(({ kind }, i) => kind === 'attendee' || hasUnit(i));
  if (!removalsWait && goes.every(Boolean)) return goes;
  for (let changed = true; changed;) {
    changed = false;
    for (const [i, { needsAllRemovals, needs }] of wants.entries()) {
      if (goes[i] !== true) continue;
      if (!needsAllRemovals && needs.every((need) => goes[need] === true)) continue;
      goes[i] = false;
      changed = true;
    }
  }
  return goes;
}

function rowsOf<W extends ResolvableWant>(
  wants: readonly W[],
  goes: readonly boolean[],
  hostSites: ReadonlySet<string>,
): Resolution<W, never>['wants'] {
  const taken = new Set(hostSites);
  return wants.map((want, i) => {
    if (goes[i] === true) return { want, goes: true, meanwhile: null };
    const { site } = want;
    const becomesAttendee = want.kind === 'license' && want.ifNoUnit === 'become-attendee';
    if (!becomesAttendee || site === null || taken.has(site)) {
      return { want, goes: false, meanwhile: null };
    }
    taken.add(site);
    return { want, goes: false, meanwhile: site };
  });
}

/** A user who is host on the site by another license waits for a unit like everybody else (R46). */
function pendingOf(
  wants: readonly ResolvableWant[],
  goes: readonly boolean[],
  hostSites: ReadonlySet<string>,
): Pending {
  const waiting = wants.filter((_, i) => goes[i] !== true);
  if (waiting.length === 0) return null;
  const isHostPending = waiting.every(
    (want) =>
      want.kind === 'license' &&
      want.ifNoUnit !== 'wait' &&
      want.site !== null &&
      !hostSites.has(want.site),
  );
  return isHostPending ? 'host' : 'unit';
}

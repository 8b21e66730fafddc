import type { AttendeeWant, Decision, LicenseWant, Loss, Want } from '../decide/decision';
import { compareText } from '../model/text/compare-text';
import type { NoteCode } from '../model/note';
import type { Resolution } from './resolve';

/** Number of a shape in its register. */
export type ShapeNumber = number & { readonly numbers?: 'shapes' };

export type ShapeWant = Omit<LicenseWant, 'reason'> | Omit<AttendeeWant, 'reason'>;
export type ShapeLoss = Omit<Loss, 'reason'>;
export type ShapeResolution = Resolution<ShapeWant, ShapeLoss>;

/** What allocating units has to know about a decision: shared by all users with the same demands. */
export interface DemandShape {
  wants: readonly ShapeWant[];
  losses: readonly ShapeLoss[];
  removalsWait: boolean;
  /** Why something can't be added, each cause once (R69). */
  blockedBy: readonly NoteCode[];
  /** The request leaves out the user, or all that would change for them (R103). */
  isExcluded: boolean;
  /** What is held of that which the change touches and features depend on (R86); null: nothing. */
  featureKeys: readonly string[] | null;
}

/** Gives equal demands one number, so that a million users need one number each and no objects. */
export interface ShapeRegister {
  shapes: readonly DemandShape[];
  numberOf(decision: Decision, featureKeys: readonly string[] | null): ShapeNumber;
}

export function createShapeRegister(): ShapeRegister {
  const shapes: DemandShape[] = [];
  const numbers = new Map<string, ShapeNumber>();
  return {
    shapes,
    numberOf(decision, featureKeys) {
      const shape = shapeOf(decision, featureKeys);
      const key = JSON.stringify(shape);
      const known = numbers.get(key);
      if (known !== undefined) return known;
      numbers.set(key, shapes.length);
      return shapes.push(shape) - 1;
    },
  };
}

function shapeOf(decision: Decision, featureKeys: readonly string[] | null): DemandShape {
  return {
    wants: decision.wants.map(shapeOfWant),
    losses: decision.losses.map((loss) => {
      const { position, target, replacedByWant, replacement, isIrreversible } = loss;
      return { position, target, replacedByWant, replacement, isIrreversible };
    }),
    removalsWait: decision.removalsWait,
    blockedBy: [...new Set(decision.blocked.map(({ code }) => code))].sort(compareText),
    isExcluded: decision.isExcluded === true,
    featureKeys,
  };
}

function shapeOfWant(want: Want): ShapeWant {
  const { needsAllRemovals, needs, replacement } = want;
  const common = { needsAllRemovals, needs, replacement };
  if (want.kind === 'attendee') return { kind: want.kind, site: want.site, ...common };
  const { kind, poolIndex, offer, site, ifNoUnit } = want;
  return { kind, poolIndex, offer, site, ifNoUnit, ...common };
}

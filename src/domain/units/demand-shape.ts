import type { Decision, Loss, Want } from '../decide/decision';
import { compareText } from '../model/compare-text';
import type { NoteCode } from '../model/note';

/** What allocating units has to know about a decision: shared by all users with the same demands. */
export interface DemandShape {
  wants: readonly Pick<
    Want,
    'pool' | 'offer' | 'site' | 'ifNoUnit' | 'needsAllRemovals' | 'needs' | 'replacement'
  >[];
  losses: readonly Pick<
    Loss,
    'position' | 'target' | 'replacedByWant' | 'replacement' | 'isIrreversible'
  >[];
  removalsWait: boolean;
  /** Why something can't be given, each cause once (R69). */
  blockedBy: readonly NoteCode[];
  /** What is held of that which the change touches and features depend on (R86); null: nothing. */
  featureKeys: readonly string[] | null;
}

/** Gives equal demands one number, so that a million users need a number each and no objects. */
export interface ShapeRegister {
  shapes: readonly DemandShape[];
  numberOf(decision: Decision, featureKeys: readonly string[] | null): number;
}

export function createShapeRegister(): ShapeRegister {
  const shapes: DemandShape[] = [];
  const numbers = new Map<string, number>();
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

/** Whether users of this shape have anything to be written or waited for. */
export function isChange(shape: DemandShape): boolean {
  return shape.wants.length > 0 || shape.losses.length > 0;
}

function shapeOf(decision: Decision, featureKeys: readonly string[] | null): DemandShape {
  return {
    wants: decision.wants.map((want) => {
      const { pool, offer, site, ifNoUnit, needsAllRemovals, needs, replacement } = want;
      return { pool, offer, site, ifNoUnit, needsAllRemovals, needs, replacement };
    }),
    losses: decision.losses.map((loss) => {
      const { position, target, replacedByWant, replacement, isIrreversible } = loss;
      return { position, target, replacedByWant, replacement, isIrreversible };
    }),
    removalsWait: decision.removalsWait,
    blockedBy: [...new Set(decision.blocked.map(({ code }) => code))].sort(compareText),
    featureKeys,
  };
}

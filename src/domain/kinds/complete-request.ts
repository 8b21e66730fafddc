import type {
  Except,
  Guards,
  Pilot,
  RolloutChange,
  RolloutRequest,
  WaveSpec,
} from '../request/rollout-request';
import { kindOf } from './kind-of';

type Optional<T> = { [K in keyof T]?: T[K] | undefined };
type PartialWave = Pick<WaveSpec, 'size'> & Optional<Pick<WaveSpec, 'soakSeconds'>>;

type Options = Omit<RolloutRequest, 'change' | 'pilot' | 'except' | 'waves' | 'guards'>;

/** A request in which only the change is required. Everything else has a safe default. */
export interface PartialRequest extends Optional<Options> {
  change: RolloutChange;
  /** Null waives the pilot. */
  pilot?: Optional<Pilot> | null | undefined;
  except?: Optional<Except> | undefined;
  waves?: PartialWave[] | undefined;
  guards?: PartialGuards | undefined;
}

/** `failureMinSample` is how requests of 0.1.0 say it: the limit counts only once so many were written. */
type PartialGuards = Optional<Guards> & { failureMinSample?: number | undefined };

/** The greater of 5 users and 1 % of the users whom the plan changes (R79). */
export const defaultSample = { percent: 1, atLeast: 5 } as const;

export const defaultGuards: Guards = {
  maxRemovals: null,
  maxRemovalPercent: null,
  failurePercent: 5,
  failureMin: 3,
};

const defaultWaves: WaveSpec[] = [{ size: { percent: 100 }, soakSeconds: 0 }];

/**
 * A request with every default filled in: a pilot, manual gates, preserve on (R18), and existing
 * users as the kind of change has it (R16).
 */
export function completeRequest(partial: PartialRequest): RolloutRequest {
  const { change, pilot, except = {}, waves = [], guards = {} } = partial;
  return {
    change,
    pilot: completePilot(pilot),
    ...completeExcept(except),
    waves: waves.length > 0 ? waves.map(completeWave) : defaultWaves,
    guards: completeGuards(guards),
    ...withDefaults(defaultOptions(change), partial),
  };
}

function defaultOptions(change: RolloutChange): Options {
  return {
    existingUsers: kindOf(change).includesExistingUsers,
    preserveLicenses: true,
    seed: 'seatwise',
    gates: 'manual',
    acknowledgeIrreversible: false,
    reason: '',
  };
}

/** The fields of `defaults`, each replaced by the given value if there is one. */
function withDefaults<T extends object>(defaults: T, given: Optional<T>): T {
  const keys = Object.keys(defaults) as (keyof T)[];
  const entries = keys.map((key) => [key, given[key] ?? defaults[key]]);
  return Object.fromEntries(entries) as T;
}

function completeGuards({ failureMinSample = 0, ...given }: PartialGuards): Guards {
  const guards = withDefaults(defaultGuards, given);
  const ofSample = Math.ceil((guards.failurePercent * failureMinSample) / 100);
  return given.failureMin === undefined
    ? { ...guards, failureMin: Math.max(guards.failureMin, ofSample) }
    : guards;
}

function completePilot(pilot: PartialRequest['pilot']): Pilot | null {
  if (pilot === null) return null;
  const users = pilot?.users ?? [];
  const groups = pilot?.groups ?? [];
  // A pilot of named users is these and no others, unless the request asks for a sample as well.
  const sample = users.length + groups.length > 0 ? null : defaultSample;
  return { users, groups, sample: pilot?.sample === undefined ? sample : pilot.sample };
}

/** Absent where nothing is named, as in stored requests of older versions. */
function completeExcept({
  users = [],
  groups = [],
  offers = [],
}: Optional<Except>): Pick<RolloutRequest, 'except'> {
  const isEmpty = users.length + groups.length + offers.length === 0;
  return isEmpty ? {} : { except: { users, groups, offers } };
}

function completeWave({ size, soakSeconds = 0 }: PartialWave): WaveSpec {
  return { size, soakSeconds };
}

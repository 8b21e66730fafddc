import type {
  Guards,
  Pilot,
  RolloutChange,
  RolloutRequest,
  WaveSpec,
} from '../request/rollout-request';

type Optional<T> = { [K in keyof T]?: T[K] | undefined };

/** What a caller has to say: the change. Everything else has a safe default. */
export interface PartialRequest extends Optional<
  Pick<
    RolloutRequest,
    'existingUsers' | 'preserveLicenses' | 'seed' | 'gates' | 'acknowledgeIrreversible' | 'reason'
  >
> {
  change: RolloutChange;
  /** Null waives the pilot. */
  pilot?: Optional<Pilot> | null | undefined;
  waves?: (Pick<WaveSpec, 'size'> & Optional<Pick<WaveSpec, 'soakSeconds'>>)[] | undefined;
  guards?: Optional<Guards> | undefined;
}

/** The greater of 5 users and 1 % of those whom the plan changes (R79). */
export const defaultSample = { percent: 1, atLeast: 5 } as const;

/**
 * A request with every default filled in: a pilot, manual gates, preserve on (R18), existing users
 * off (R16) except where services are turned off, which is about nobody else.
 */
export function completeRequest(partial: PartialRequest): RolloutRequest {
  return {
    change: partial.change,
    existingUsers: partial.existingUsers ?? !isAboutFutureUsers(partial.change),
    preserveLicenses: partial.preserveLicenses ?? true,
    pilot: completePilot(partial.pilot),
    seed: partial.seed ?? 'seatwise',
    waves: completeWaves(partial.waves),
    gates: partial.gates ?? 'manual',
    guards: {
      maxRemovals: partial.guards?.maxRemovals ?? null,
      maxRemovalPercent: partial.guards?.maxRemovalPercent ?? null,
      failurePercent: partial.guards?.failurePercent ?? 5,
      failureMinSample: partial.guards?.failureMinSample ?? 20,
    },
    acknowledgeIrreversible: partial.acknowledgeIrreversible ?? false,
    reason: partial.reason ?? '',
  };
}

/** Template saves leave existing users alone unless asked (R16); all other kinds are about nobody else. */
function isAboutFutureUsers({ kind }: RolloutChange): boolean {
  return kind === 'template' || kind === 'preview';
}

function completePilot(pilot: PartialRequest['pilot']): Pilot | null {
  if (pilot === null) return null;
  const users = pilot?.users ?? [];
  const groups = pilot?.groups ?? [];
  // Whoever names pilot users wants these and no others, unless a sample is asked for too.
  const sample = users.length + groups.length > 0 ? null : defaultSample;
  return { users, groups, sample: pilot?.sample === undefined ? sample : pilot.sample };
}

function completeWaves(waves: PartialRequest['waves']): WaveSpec[] {
  if (waves === undefined || waves.length === 0)
    return [{ size: { percent: 100 }, soakSeconds: 0 }];
  return waves.map((wave) => ({ size: wave.size, soakSeconds: wave.soakSeconds ?? 0 }));
}

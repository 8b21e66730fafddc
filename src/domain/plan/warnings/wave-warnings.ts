import type { PlanWarning } from '../../model/warning';
import { counted, firstFew } from '../../model/text/wording';
import type { RolloutRequest } from '../../request/rollout-request';
import { sizeOf } from '../waves/cut-waves';
import type { NamedUsers } from '../survey/survey-counts';
import type { PlanFigures } from './plan-figures';

const usersNamed = 10;

type WaveFigures = Pick<PlanFigures, 'planned' | 'waves'>;

/** Waves that come out other than they were requested (R79). */
export function waveWarnings(
  { pilot, waves }: Pick<RolloutRequest, 'pilot' | 'waves'>,
  summary: WaveFigures,
  movedFromPilot: NamedUsers,
): PlanWarning[] {
  const warnings = movedWarnings(movedFromPilot);
  if (pilot !== null && summary.planned > 0 && summary.waves[0]?.wave !== 0) {
    const text = 'The plan changes nobody in the pilot: it begins with the first wave.';
    warnings.push({ code: 'pilot-empty', text, rule: 'R79' });
  }
  const rest = usersBeyondWaves(waves, summary);
  if (rest > 0) {
    const text = `The requested waves leave out ${counted(rest, 'user')}. The last wave includes them.`;
    warnings.push({ code: 'last-wave-takes-rest', text, rule: 'R79' });
  }
  return warnings;
}

/** R46 is stronger than the pilot: these users get units that others have to free first. */
function movedWarnings({ users, named }: NamedUsers): PlanWarning[] {
  if (users === 0) return [];
  const who = counted(
    users,
    'user who is named for the pilot is',
    'users who are named for the pilot are',
  );
  const text =
    `${who} written in a later wave, because they need units that other users free first: ` +
    `${firstFew(named, usersNamed, users)}.`;
  return [{ code: 'pilot-moved', text, rule: 'R79' }];
}

function usersBeyondWaves(requested: RolloutRequest['waves'], summary: WaveFigures): number {
  const requestedLast = requested.at(-1);
  const last = summary.waves.find(({ wave }) => wave === requested.length);
  if (requestedLast === undefined || last === undefined) return 0;
  return Math.max(0, last.users - sizeOf(requestedLast.size, summary.planned));
}

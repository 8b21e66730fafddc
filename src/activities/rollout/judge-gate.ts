import { readGateEvidence } from '../../db/rollout/progress/gate-evidence';
import { guardsOf } from '../../db/rollout/request';
import { gateObjection } from '../../domain/rollout/gate';
import type { Activities } from '../../contract/activities';
import type { ActivityDeps } from '../activity/deps';

/** Judges an automatic gate by what the database knows of its wave. */
export function judgeGateActivities({ db }: ActivityDeps): Pick<Activities, 'judgeGate'> {
  return {
    async judgeGate(input) {
      const evidence = await readGateEvidence(db, input);
      const { failurePercent } = await guardsOf(db, input.rolloutId);
      return { objection: gateObjection(evidence, failurePercent) };
    },
  };
}

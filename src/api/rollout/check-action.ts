import { countOutcomes, findWritingRollout, type RolloutRow } from '../../db/rollout/rollouts';
import { neverStarts } from '../../domain/rollout/guards';
import { type Action, isWriting } from '../../domain/rollout/rollout-phase';
import { rolloutAddress } from '../http/addresses';
import type { ApiDeps } from '../http/deps';
import { Problem } from '../http/problem';
import { allowedNames, verdictsOf } from './rollout-view';

/** Throws the 409 that tells why an action makes no sense now, and which ones do. */
export async function checkAction(
  deps: ApiDeps,
  row: RolloutRow,
  asked: {
    action: Action;
    digest?: string | undefined;
    expectedPhaseVersion?: number | undefined;
  },
): Promise<void> {
  const [counts, writing] = await Promise.all([
    countOutcomes(deps.db, row.rolloutId),
    findWritingRollout(deps.db, row.orgId),
  ]);
  const verdicts = verdictsOf(row, counts, writing);
  const members = {
    phase: row.phase,
    phaseVersion: row.phaseVersion,
    allowedActions: allowedNames(verdicts),
  };
  const expected = asked.expectedPhaseVersion ?? row.phaseVersion;
  if (expected !== row.phaseVersion) {
    const detail = `It was meant for version ${expected} of this rollout, which is at ${row.phaseVersion} (${row.phase}).`;
    throw new Problem('action-too-late', detail, { members });
  }
  const verdict = verdicts[asked.action];
  const claims = asked.action === 'start' || asked.action === 'retry-failed';
  const couldClaim = verdictsOf(row, counts, undefined)[asked.action].allowed;
  if (claims && couldClaim && writing && !isWriting(row.phase)) throw busyProblem(writing, members);
  if (!verdict.allowed) {
    const isGuard =
      asked.action === 'start' && row.phase === 'planned' && neverStarts(row.request) === null;
    throw new Problem(isGuard ? 'guard-tripped' : 'action-not-allowed', verdict.why, { members });
  }
  if (asked.digest !== undefined && asked.digest !== row.digest) {
    const detail = 'The stored plan has another digest: read it again before starting it.';
    throw new Problem('digest-mismatch', detail, { members });
  }
}

/** R25: the second one gets the address of the first. */
export function busyProblem(writing: RolloutRow, members: Record<string, unknown> = {}): Problem {
  const first = rolloutAddress(writing.orgId, writing.rolloutId);
  return new Problem(
    'organization-busy',
    `Rollout ${writing.rolloutId} is ${writing.phase}: one at a time writes in an organization (R25).`,
    { members: { ...members, conflictsWith: first }, headers: { Location: first } },
  );
}

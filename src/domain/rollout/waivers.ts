import type { RolloutRequest } from '../request/rollout-request';

/**
 * What a request gives up of the usual care, one phrase each: only an approver decides that. What the
 * watch asks for has no pilot and no gates in any case.
 */
export function waiversOf(
  request: Pick<RolloutRequest, 'change' | 'pilot' | 'gates' | 'acknowledgeIrreversible'>,
): string[] {
  const { change, pilot, gates, acknowledgeIrreversible } = request;
  if (change.kind === 'reconcile' || change.kind === 'preview') return [];
  const hasPilot =
    pilot !== null && (pilot.sample !== null || pilot.users.length + pilot.groups.length > 0);
  return [
    ...(hasPilot ? [] : ['it has no pilot']),
    ...(gates === 'automatic' ? ['its gates open automatically'] : []),
    ...(acknowledgeIrreversible ? ["it acknowledges what can't be undone"] : []),
  ];
}

import { busySentence } from '../../../../src/domain/rollout/start-obstacle';
import { problemOf } from '../../../../src/api/rollout/actions/rejection-problem';
import { failureTypes, type FailureType } from '../../../../src/contract/failure';
import { aRolloutRow } from '../../../support/api/rollout-row';
import { orgId } from '../../../support/api/seed';

const state = { row: aRolloutRow({ phase: 'piloting' }), counts: {}, writing: undefined };
const writing = aRolloutRow({
  rolloutId: '0e000000-0000-4000-8000-000000000002',
  phase: 'rolling-out',
});
const message = 'The workflow says why.';
const members = {
  phase: 'piloting',
  phaseVersion: 3,
  allowedActions: ['pause', 'abort', 'set-pace'],
};

describe('what a workflow refuses', () => {
  it.each<[FailureType, string, number]>([
    ['OrganizationBusy', 'organization-busy', 409],
    ['ActionTooLate', 'action-too-late', 409],
    ['DigestMismatch', 'digest-mismatch', 409],
    ['GuardTripped', 'guard-tripped', 409],
    ['ReadOnly', 'read-only', 409],
    ['PaceInvalid', 'invalid-request', 422],
    ['ActionNotAllowed', 'action-not-allowed', 409],
  ])('as %s is %s (%i), in the words of the workflow', (type, code, status) => {
    expect(problemOf({ type, message }, state)).toMatchObject({ code, status, detail: message });
  });

  it.each(failureTypes.filter((type) => type !== 'PaceInvalid'))(
    'as %s comes with the phase and the actions that are possible now',
    (type) => {
      expect(problemOf({ type, message }, state).more).toEqual({ members });
    },
  );

  it('for its pace points to the field', () => {
    expect(problemOf({ type: 'PaceInvalid', message }, state).more).toEqual({
      errors: [{ pointer: '/writesPerSecond', code: 'out-of-range', detail: message }],
    });
  });

  it('R25 for another rollout has the address of that one', () => {
    const planned = aRolloutRow();
    const busy = { row: planned, counts: {}, writing };
    const problem = problemOf({ type: 'OrganizationBusy', message }, busy);
    const address = `/v1/organizations/${orgId}/rollouts/${writing.rolloutId}`;
    expect(problem).toMatchObject({ code: 'organization-busy', detail: busySentence(writing) });
    expect(problem.more.headers).toEqual({ Location: address });
    expect(problem.more.members).toEqual({
      phase: 'planned',
      phaseVersion: 3,
      allowedActions: ['discard', 'set-pace', 'replan'],
      conflictsWith: address,
    });
  });

  it('for any other reason has no address, even while another rollout writes', () => {
    const busy = { row: aRolloutRow(), counts: {}, writing };
    const { more, detail } = problemOf({ type: 'DigestMismatch', message }, busy);
    expect(detail).toBe(message);
    expect(more.headers).toBeUndefined();
    expect(more.members).not.toHaveProperty('conflictsWith');
  });
});

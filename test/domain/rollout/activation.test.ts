import {
  activationOf,
  outcomeLabel,
  type Activation,
  type ActivationInput,
} from '../../../src/domain/rollout/activation';
import type { Change } from '../../../src/domain/model/change';
import { aTemplate, aUser, planOf } from '../builders';

const added: Change[] = planOf({
  templates: [aTemplate(['RTT'])],
  users: [aUser()],
}).of('ann').changes;
const removed: Change[] = added.map((change) => ({ ...change, operation: 'remove' }));

function activation(given: Partial<ActivationInput>): Activation {
  return activationOf({
    status: 'pending',
    invitePending: null,
    outcome: 'converged',
    changes: added,
    refused: null,
    ...given,
  });
}

describe('activationOf', () => {
  it.each<[string, Partial<ActivationInput>, Activation]>([
    ['status pending', { status: 'pending' }, 'at-first-sign-in'],
    ['invitation pending', { status: 'unknown', invitePending: true }, 'at-first-sign-in'],
    ['still to be written', { outcome: 'planned' }, 'at-first-sign-in'],
    ['active', { status: 'active', invitePending: false }, null],
    ['status unknown, which says nothing', { status: 'unknown' }, null],
    ['no status at all', { status: null }, null],
    ['nothing assigned', { changes: [] }, null],
    ['only something taken', { changes: removed }, null],
    ['refused by Webex', { outcome: 'partial', refused: added }, null],
    ['failed', { outcome: 'failed' }, null],
    ['withheld', { outcome: 'withheld' }, null],
  ])('R48 R49 R50 says what is known of a user: %s', (_, given, expected) => {
    expect(activation(given)).toBe(expected);
  });
});

describe('outcomeLabel', () => {
  it('R48 says it in words of its own, and only of what has converged', () => {
    const text = 'assigned, activates at first sign-in';
    expect(outcomeLabel('converged', 'at-first-sign-in')).toBe(text);
    expect(outcomeLabel('converged', null)).toBe('converged');
    expect(outcomeLabel('applied', 'at-first-sign-in')).toBe('applied');
  });
});

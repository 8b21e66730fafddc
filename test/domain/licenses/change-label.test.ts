import {
  callSummary,
  changeLabel,
  changePhrase,
  changesLabel,
  userLabel,
} from '../../../src/domain/licenses/change-label';
import type { Change } from '../../../src/domain/model/change';
import { aWithheldChange, siteA } from '../builders';

const license = (offer: string, site: string | null = null) =>
  ({ kind: 'license', licenseId: 'x', offer, site }) as const;
const attendee = { kind: 'attendee', site: siteA } as const;

describe('the label of a change', () => {
  it.each([
    ['add', license('MS'), '+ Advanced Messaging (MS)'],
    ['remove', license('MS'), '- Advanced Messaging (MS)'],
    ['add', license('EE', siteA), `+ Webex Meetings Suite (EE), host on ${siteA}`],
    ['remove', attendee, `- attendee on ${siteA}`],
    ['add', license('RTT'), '+ RTT'],
  ] as const)('names before codes: %s %j is %s', (operation, target, expected) => {
    expect(changeLabel({ operation, target })).toBe(expected);
  });

  it('is a phrase within a sentence', () => {
    const phrase = changePhrase({ operation: 'remove', target: license('MS') });
    expect(phrase).toBe('remove Advanced Messaging (MS)');
  });
});

describe('the changes of one user', () => {
  const changes: Change[] = [
    aWithheldChange(`+EE@${siteA}`, 'granted'),
    aWithheldChange(`-attendee:${siteA}`, 'replaced'),
  ];

  it('stand on one line, removals first', () => {
    expect(changesLabel(changes)).toBe(
      `- attendee on ${siteA}; + Webex Meetings Suite (EE), host on ${siteA}`,
    );
  });

  it('follow the user in the summary of a call', () => {
    expect(callSummary('ann@acme.com', changes)).toBe(`ann@acme.com: ${changesLabel(changes)}`);
  });

  it('are cut where Temporal would refuse the summary', () => {
    const many = Array.from({ length: 30 }, () => changes).flat();
    const summary = callSummary('ann@acme.com', many);
    expect(summary).toHaveLength(200);
    expect(summary.endsWith('…')).toBe(true);
  });
});

describe('the label of a user', () => {
  it.each([
    ['Ann Lee', 'Ann Lee <ann@acme.com>'],
    ['  ', 'ann@acme.com'],
    ['ann@acme.com', 'ann@acme.com'],
  ])('named %j is %s', (displayName, expected) => {
    expect(userLabel({ email: 'ann@acme.com', displayName })).toBe(expected);
  });
});

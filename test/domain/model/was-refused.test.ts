import type { Change } from '../../../src/domain/model/change';
import { wasRefused } from '../../../src/domain/model/was-refused';

const reason = { code: 'granted', text: 'granted by A', rule: 'R11', templates: [] } as const;

function attendee(operation: 'add' | 'remove', site: string, text: string = reason.text): Change {
  const target = { kind: 'attendee', site } as const;
  return { operation, target, reason: { ...reason, text, templates: [] }, replacement: false };
}

describe('wasRefused', () => {
  const refused = [attendee('add', 'a.webex.com')];

  it.each<[string, Change, boolean]>([
    ['is true for the refused change', attendee('add', 'a.webex.com'), true],
    [
      'is true for the same change with another text',
      attendee('add', 'a.webex.com', 'granted by B'),
      true,
    ],
    ['is false for the other operation', attendee('remove', 'a.webex.com'), false],
    ['is false for another site', attendee('add', 'b.webex.com'), false],
  ])('%s', (_, change, expected) => {
    expect(wasRefused({ refused }, change)).toBe(expected);
  });

  it('is false while nothing was refused', () => {
    expect(wasRefused({ refused: null }, attendee('add', 'a.webex.com'))).toBe(false);
  });
});

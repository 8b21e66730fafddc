import { hiddenCharacterIn } from '../../../../src/domain/model/text/hidden-character';

describe('a text with a character that nobody sees', () => {
  it.each([
    ['ada@acme.com', null],
    ['Call on Webex', null],
    ['\u00c4nne \u{1f600}', null],
    ['ada\u200b@acme.com', { code: 'U+200B', after: 'ada' }],
    ['\u200eada@acme.com', { code: 'U+200E', after: '' }],
    ['Call\u00a0on', { code: 'U+00A0', after: 'Call' }],
    ['TRUE\ufeff', { code: 'U+FEFF', after: 'TRUE' }],
    ['TRUE\u3164', { code: 'U+3164', after: 'TRUE' }],
    ['TRUE\u2800', { code: 'U+2800', after: 'TRUE' }],
    ['TRUE\u202f', { code: 'U+202F', after: 'TRUE' }],
    ['a\u{e0020}', { code: 'U+E0020', after: 'a' }],
    ['a\u0000b', { code: 'U+0000', after: 'a' }],
  ])('%j: %j', (given, expected) => {
    expect(hiddenCharacterIn(given)).toEqual(expected);
  });
});

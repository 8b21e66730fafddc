import { chosen, readOptions } from '../../bench/options';
import { ErrorForPeople } from '../../src/error-for-people';

const known = [{ letter: 'a' }, { letter: 'b' }, { letter: 'c' }];

describe('readOptions', () => {
  it('measures everything at full size without the scale by default', () => {
    expect(readOptions([])).toEqual({
      isHelp: false,
      isQuick: false,
      isScale: false,
      only: null,
    });
  });

  it('reads all flags together', () => {
    expect(readOptions(['--scale', '--quick', '--only', 'r, p', '--help'])).toEqual({
      isHelp: true,
      isQuick: true,
      isScale: true,
      only: ['r', 'p'],
    });
  });

  it('leaves out empty letters', () => {
    expect(readOptions(['--only', 'a,,b,']).only).toEqual(['a', 'b']);
  });

  it.each([
    ['--fast', "Unknown option '--fast'"],
    ['--only', 'argument missing'],
    ['a', "Unexpected argument 'a'"],
  ])('refuses %s', (flag, text) => {
    expect(() => readOptions([flag])).toThrow(text);
  });
});

describe('chosen', () => {
  it('is everything if nothing is named', () => {
    expect(chosen(known, null)).toEqual(known);
  });

  it('keeps the order of the table, each letter once', () => {
    expect(chosen(known, ['c', 'a', 'c'])).toEqual([{ letter: 'a' }, { letter: 'c' }]);
  });

  it('names a letter that does not exist, and those that do', () => {
    expect(() => chosen(known, ['a', 'x'])).toThrow(
      new ErrorForPeople('--only accepts the letters a, b, c, but not "x".'),
    );
  });

  it('refuses an empty list', () => {
    expect(() => chosen(known, [])).toThrow(
      new ErrorForPeople('--only accepts the letters a, b, c.'),
    );
  });
});

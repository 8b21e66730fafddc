import { includesRole, roles } from '../../../../src/roles';
import { hashToken, mintToken, tokensOf } from '../../../../src/api/http/callers/tokens';
import { cursorById, pageOf, readCursor } from '../../../../src/api/http/parameters/cursor';

describe('tokens', () => {
  it('are found by their hash, whatever its case', () => {
    const { token, hashLine } = mintToken('ci', 'operator');
    const hash = hashLine.split(':')[0] ?? '';
    const known = tokensOf([{ hash: hash.toUpperCase(), name: 'ci', role: 'operator' }]);
    expect(known.get(hashToken(token))).toEqual({ name: 'ci', role: 'operator' });
    expect(mintToken('ci', 'operator').token).not.toBe(token);
  });

  it.each(['', 'two words', 'a:b', 'a,b'])('refuse the name "%s"', (name) => {
    expect(() => mintToken(name, 'viewer')).toThrow(/one word/);
  });
});

describe('roles', () => {
  it.each(roles.map((role, i) => [role, roles.slice(0, i + 1)] as const))(
    'a %s may do what %j may',
    (held, may) => expect(roles.filter((needed) => includesRole(held, needed))).toEqual(may),
  );
});

describe('pages', () => {
  it('say where they ended only where more is coming', () => {
    const rows = [{ id: 'a' }, { id: 'b' }, { id: 'c' }];
    const page = pageOf(rows, 2, ({ id }) => ({ id }));
    expect(page.rows).toEqual([{ id: 'a' }, { id: 'b' }]);
    expect(readCursor(cursorById, page.next ?? undefined)).toEqual({ id: 'b' });
    expect(pageOf(rows, 3, ({ id }) => ({ id })).next).toBeNull();
    expect(pageOf([], 3, () => ({})).next).toBeNull();
  });

  it.each(['', '%', 'bm90IGpzb24', 'e30'])('refuse the cursor "%s"', (cursor) => {
    expect(() => readCursor(cursorById, cursor)).toThrow(/malformed/);
  });
});

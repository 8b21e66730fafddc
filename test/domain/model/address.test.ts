import { normalizedAddress, usersByAddress } from '../../../src/domain/model/address';

describe('an e-mail address', () => {
  it.each([
    ['ADA@Acme.com', 'ada@acme.com'],
    ['\u00c4NNE@acme.com', '\u00e4nne@acme.com'],
    ['A\u0308nne@acme.com', '\u00e4nne@acme.com'],
    [' ada@acme.com ', 'ada@acme.com'],
  ])('%j is looked up as %j', (given, expected) => {
    expect(normalizedAddress(given)).toBe(expected);
  });
});

describe('users by address', () => {
  const ada = { email: 'Ada@acme.com', addresses: ['ada@acme.com', 'shared@acme.com'] };
  const bob = { email: 'shared@acme.com', addresses: ['shared@acme.com', 'bob@acme.com'] };
  const found = usersByAddress([ada, bob]);

  it('are found by any of theirs, in any case', () => {
    expect(found('ADA@ACME.COM')).toBe(ada);
    expect(found('Bob@acme.com')).toBe(bob);
    expect(found('nobody@acme.com')).toBeUndefined();
  });

  it.each([[[ada, bob]], [[bob, ada]]])('an address belongs to whose first one it is', (users) => {
    expect(usersByAddress(users)('shared@acme.com')).toBe(bob);
  });
});

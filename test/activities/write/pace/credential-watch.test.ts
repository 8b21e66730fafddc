import { createCredentialWatch } from '../../../../src/activities/write/pace/credential-watch';

const reads = (canRead: boolean) =>
  createCredentialWatch({ canRead: () => Promise.resolve(canRead) });

const nobody = () => Promise.resolve(false);
const somebody = () => Promise.resolve(true);

describe('R97 a user who may not be written', () => {
  it('is no lost credential, however often, while others are written', async () => {
    const watch = reads(true);
    for (let n = 0; n < 20; n += 1) {
      expect(await watch.isLost('ada', nobody)).toBe(false);
      expect(await watch.isLost('bob', nobody)).toBe(false);
      watch.worked();
    }
  });

  it('is no lost credential alone, however often', async () => {
    const watch = reads(true);
    for (let n = 0; n < 20; n += 1) expect(await watch.isLost('ada', nobody)).toBe(false);
  });

  it('is a lost credential as the third in a row, and the count begins again after it', async () => {
    const watch = reads(true);
    const lost: boolean[] = [];
    for (const user of ['a', 'b', 'c', 'd', 'e', 'f']) lost.push(await watch.isLost(user, nobody));
    expect(lost).toEqual([false, false, true, false, false, true]);
  });

  it('is a lost credential at once where nothing can be read either', async () => {
    expect(await reads(false).isLost('ada', nobody)).toBe(true);
  });

  it('is no lost credential where this rollout has written somebody, also after each resume', async () => {
    const watch = reads(true);
    for (let n = 0; n < 9; n += 1) expect(await watch.isLost(`user ${n}`, somebody)).toBe(false);
    expect(await reads(false).isLost('ada', somebody)).toBe(true);
  });
});

import { showFirstRead } from '../../src/demo/show-first-read';

function stage(isTerminal: boolean) {
  const said: string[] = [];
  let [users, nowMs] = [0, 0];
  const out = { isTerminal, status: (text: string) => void said.push(text.trim()) };
  const show = showFirstRead(
    out,
    () => Promise.resolve(users),
    'seatwise.log',
    () => nowMs,
  );
  const after = async (ms: number, read: number) => {
    nowMs += ms;
    users = read;
    await show();
  };
  return { said, after };
}

describe('showFirstRead', () => {
  it('says how far the read is, as long as it takes', async () => {
    const { said, after } = stage(true);
    await after(250, 1_000);
    expect(said).toEqual([]);
    await after(2_000, 12_000);
    await after(250, 13_000);
    for (let minute = 0; minute < 30; minute += 1) await after(60_000, 20_000 + minute);
    expect(said.slice(0, 2)).toEqual([
      'Reading the directory for the first time: 12,000 users so far …',
      'Reading the directory for the first time: 20,000 users so far …',
    ]);
    expect(said).toHaveLength(31);
  });

  it('says so when nothing comes, and where the reason is', async () => {
    const { said, after } = stage(true);
    await after(2_000, 5);
    await after(59_000, 5);
    await after(3_000, 5);
    expect(said.map((line) => line.includes('none in the last 62 s: see seatwise.log'))).toEqual([
      false,
      false,
      true,
    ]);
  });

  it('writes a line into a file only now and then', async () => {
    const { said, after } = stage(false);
    for (let i = 0; i < 60; i += 1) await after(1_000, i);
    expect(said).toHaveLength(2);
  });
});

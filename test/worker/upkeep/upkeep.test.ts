import { createLogger } from '../../../src/logger';
import { startUpkeep } from '../../../src/worker/upkeep/upkeep';

describe('upkeep', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => jest.useRealTimers());

  it('says that it works again only once no task fails any more', async () => {
    const lines: string[] = [];
    const write = (line: string) => void lines.push((JSON.parse(line) as { msg: string }).msg);
    const logger = createLogger({ name: 'test', level: 'info', destination: { write } });
    const away = new Set(['one', 'two']);
    const aTask = (name: string, everyMs: number) => ({
      name,
      everyMs,
      run: () => (away.has(name) ? Promise.reject(new Error('away')) : Promise.resolve()),
    });
    const upkeep = startUpkeep([aTask('one', 1_000), aTask('two', 60_000)], logger);
    await jest.advanceTimersByTimeAsync(120_000);
    expect(lines).toEqual(['upkeep failed']);
    away.delete('one');
    await jest.advanceTimersByTimeAsync(50_000);
    // No line says that it is over: the other task still fails.
    expect(lines.at(-1)).toBe('upkeep failed, and not for the last 30 s');
    away.delete('two');
    await jest.advanceTimersByTimeAsync(60_000);
    expect(lines.at(-1)).toBe('upkeep works again');
    await upkeep.stop();
  });
});

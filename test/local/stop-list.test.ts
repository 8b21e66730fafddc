import { StopList } from '../../src/local/stop-list';
import { createLogger } from '../../src/logger';

describe('StopList', () => {
  const logger = createLogger({ name: 'test', level: 'silent' });

  it('stops in reverse order, once, and continues after a failure', async () => {
    const stops = new StopList(logger);
    const stopped: string[] = [];
    for (const name of ['database', 'temporal', 'api', 'worker']) {
      stops.add(name, async () => {
        stopped.push(name);
        await Promise.resolve();
        if (name === 'api') throw new Error('no');
      });
    }
    await Promise.all([stops.stopAll(), stops.stopAll()]);
    expect(stopped).toEqual(['worker', 'api', 'temporal', 'database']);
  });

  it('does not wait forever for one that hangs', async () => {
    jest.useFakeTimers({ doNotFake: ['nextTick', 'performance'] });
    try {
      const stops = new StopList(logger);
      let isDatabaseStopped = false;
      stops.add('database', () => {
        isDatabaseStopped = true;
        return Promise.resolve();
      });
      stops.add('worker', () => new Promise(() => undefined));
      const all = stops.stopAll();
      await jest.advanceTimersByTimeAsync(20_000);
      await all;
      expect(isDatabaseStopped).toBe(true);
    } finally {
      jest.useRealTimers();
    }
  });
});

import { createLogger } from '../src/logger';
import { RepeatedLines } from '../src/repeated-lines';

interface Line {
  msg: string;
  level: number;
  times?: number;
  seconds?: number;
  task?: string;
  err?: { message: string };
}

describe('RepeatedLines', () => {
  const lines: Line[] = [];
  const destination = { write: (line: string) => void lines.push(JSON.parse(line) as Line) };
  const logger = createLogger({ name: 'test', level: 'info', destination });
  let repeated: RepeatedLines;

  beforeEach(() => {
    jest.useFakeTimers();
    lines.splice(0);
    repeated = new RepeatedLines(logger, () => Date.now());
  });
  afterEach(() => jest.useRealTimers());

  const away = (attempt: number) => new Error(`the database is away, attempt ${attempt}`);

  it('logs hundreds of lines of one outage as one, and one with their number when they pause', () => {
    for (let attempt = 1; attempt <= 300; attempt += 1) {
      repeated.log('warn', { err: away(attempt), task: `task ${attempt}` }, 'upkeep failed');
      jest.advanceTimersByTime(500);
    }
    expect(lines).toMatchObject([{ msg: 'upkeep failed', task: 'task 1' }]);
    jest.advanceTimersByTime(30_000);
    expect(lines.slice(1)).toMatchObject([
      { msg: 'upkeep failed, and not for the last 30 s', times: 300, seconds: 150, level: 40 },
    ]);
  });

  it('logs a line that comes once as it is, and again after a pause', () => {
    repeated.log('error', { err: away(1) }, 'it failed');
    jest.advanceTimersByTime(60_000);
    repeated.log('error', { err: away(1) }, 'it failed');
    jest.advanceTimersByTime(60_000);
    expect(lines.map(({ msg, level }) => [msg, level])).toEqual([
      ['it failed', 50],
      ['it failed', 50],
    ]);
  });

  it('keeps lines apart that say something else', () => {
    repeated.log('warn', { err: away(1) }, 'it failed');
    repeated.log('error', { err: away(1) }, 'it failed');
    repeated.log('warn', { err: new Error('another reason') }, 'it failed');
    repeated.log('warn', {}, 'something else');
    expect(lines).toHaveLength(4);
  });

  it('counts in between what does not stop', () => {
    for (let i = 0; i < 130; i += 1) {
      repeated.log('warn', {}, 'it waits');
      jest.advanceTimersByTime(10_000);
    }
    expect(lines.map(({ msg, times }) => [msg, times])).toEqual([
      ['it waits', undefined],
      ['it waits, again and again', 61],
      ['it waits, again and again', 121],
    ]);
  });

  it('tells what it has counted before the process ends', () => {
    for (let i = 0; i < 3; i += 1) repeated.log('warn', {}, 'it waits');
    repeated.flush();
    expect(lines.map(({ msg, times }) => [msg, times])).toEqual([
      ['it waits', undefined],
      ['it waits, until now', 3],
    ]);
    jest.advanceTimersByTime(60_000);
    expect(lines).toHaveLength(2);
  });
});

import { isColourful } from '../../src/config/load-config';
import { describeProgress } from '../../src/demo/follow-rollout';
import { createNarrator } from '../../src/demo/narrate';
import { progressBar } from '../../src/demo/progress-bar';

function anOutput(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, columns: 20, write: (text: string) => written.push(text), written };
}

describe('the narrator', () => {
  it('moves one line on a terminal, cut to its width', () => {
    const output = anOutput(true);
    const out = createNarrator(output, false);
    out.status('first');
    out.status('second, which is far too long for it');
    out.line('done');
    expect(output.written).toEqual([
      '\r\u001b[2Kfirst',
      '\r\u001b[2Ksecond, which is fa',
      '\n',
      'done\n',
    ]);
  });

  it('prints plain lines into a file, and none twice', () => {
    const output = anOutput(false);
    const out = createNarrator(output, false);
    out.status('same');
    out.status('same');
    out.status('other');
    out.line('-MS');
    expect(output.written.join('')).toBe('same\nother\n-MS\n');
  });

  it.each([
    ['  -MS', 31],
    ['  +MS', 32],
    ['  ! no unit', 33],
    ['  = FMS', 90],
  ])('colours %j by its sign', (line, code) => {
    const output = anOutput(true);
    createNarrator(output, true).line(line);
    expect(output.written.join('')).toContain(`\u001b[${code}m`);
  });

  it('is colourful on a terminal unless NO_COLOR says otherwise', () => {
    expect(isColourful(true, {})).toBe(true);
    expect(isColourful(true, { NO_COLOR: '1' })).toBe(false);
    expect(isColourful(false, {})).toBe(false);
  });
});

describe('progressBar', () => {
  it.each([
    [0, 4, '[░░░░░░░░░░░░░░░░] 0/4'],
    [2, 4, '[████████░░░░░░░░] 2/4'],
    [4, 4, '[████████████████] 4/4'],
    [0, 0, '[████████████████] 0/0'],
  ])('shows %d of %d', (done, total, bar) => {
    expect(progressBar(done, total)).toBe(bar);
  });
});

describe('describeProgress', () => {
  const progress = {
    phase: 'rolling-out' as const,
    paused: false,
    wave: 1,
    waves: 3,
    waitingFor: null,
    counts: { unchanged: 4, applied: 2, converged: 1, planned: 3 },
    total: 10,
  };

  it('counts what is written and what was seen, without those who need nothing', () => {
    expect(describeProgress(progress)).toMatch(/^wave 1 of 2 +written \S+ 3\/6 +seen \S+ 1\/6$/);
  });

  it('says what it waits for', () => {
    const atGate = { ...progress, phase: 'awaiting-promotion' as const, waitingFor: 'promote' };
    expect(describeProgress(atGate)).toMatch(/^at the gate .* promote$/);
  });
});

import { isJobControl, isShardReport, isToldWaits } from '../../src/contract/well-formed';

describe('a message that somebody may have sent by hand', () => {
  it.each<[unknown, boolean]>([
    [{ counts: {}, halted: null }, true],
    [{ counts: { applied: 7, failed: 1 }, halted: { reason: 'too many failed' } }, true],
    // A worker of a later version may know more outcomes.
    [{ counts: { unheard: 1 }, halted: null }, true],
    [{ junk: true }, false],
    [{ counts: null, halted: null }, false],
    [{ counts: [1], halted: null }, false],
    [{ counts: { applied: 'many' }, halted: null }, false],
    [{ counts: { applied: -1 }, halted: null }, false],
    [{ counts: { applied: 1 } }, false],
    [{ counts: {}, halted: {} }, false],
    [{ counts: {}, halted: 'now' }, false],
    ['junk', false],
    [null, false],
    [undefined, false],
  ])('%j is a report of a shard: %s', (report, expected) => {
    expect(isShardReport(report)).toBe(expected);
  });

  it.each<[unknown, boolean]>([
    [{ phaseVersion: 3, waitsFor: 'a unit' }, true],
    [{ phaseVersion: 3, waitsFor: null }, true],
    [{ phaseVersion: 3 }, false],
    [{ phaseVersion: '3', waitsFor: null }, false],
    [{ phaseVersion: 3, waitsFor: { text: 'a unit' } }, false],
    [[], false],
    [undefined, false],
  ])('%j says what a rollout waits for: %s', (told, expected) => {
    expect(isToldWaits(told)).toBe(expected);
  });

  it.each<[unknown, boolean]>([
    ['run', true],
    ['hold', true],
    ['stop', true],
    ['toString', false],
    ['', false],
    [{ stop: true }, false],
    [undefined, false],
  ])('%j is an order to a shard: %s', (order, expected) => {
    expect(isJobControl(order)).toBe(expected);
  });
});

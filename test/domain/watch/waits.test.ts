import fc from 'fast-check';
import { grantableOf, grantKey, targetKey } from '../../../src/domain/model/target-key';
import { changeKey, endedChanges, type WaitFacts } from '../../../src/domain/watch/waits';
import { aTemplate, aWithheldChange, siteA } from '../builders';

const template = aTemplate(['MS']);
const granted = (spec: string) => aWithheldChange(spec, 'granted', template);
const asked = (spec: string) => aWithheldChange(spec, 'csv');

interface Case extends Partial<
  Omit<WaitFacts, 'changes' | 'held' | 'granted' | 'taken' | 'refused'>
> {
  title: string;
  changes: WaitFacts['changes'];
  held?: string[];
  granted?: string[];
  taken?: string[];
  refused?: string[];
  /** `why` by change, in the order of the changes; a dash is still waited for. */
  ends: string;
  isOver: boolean;
}

const cases: Case[] = [
  {
    title: 'goes on while a template grants it',
    changes: [granted('+MS'), granted('-RTT')],
    granted: ['MS'],
    ends: '- -',
    isOver: false,
  },
  {
    title: 'goes on for what a file asked for, whatever templates grant',
    changes: [asked('+MS'), asked('-RTT')],
    ends: '- -',
    isOver: false,
  },
  {
    title: 'ends when the user holds it, and nothing more is taken',
    changes: [granted('+MS'), granted('-RTT')],
    held: ['MS'],
    granted: ['MS'],
    ends: 'held with-addition',
    isOver: true,
  },
  {
    title: 'ends when nothing in force grants it, and its removal with it',
    changes: [granted('+MS'), granted('-RTT')],
    ends: 'not-granted with-addition',
    isOver: true,
  },
  {
    title: 'ends when the user is gone, whatever templates grant, and says so',
    changes: [granted('+MS'), granted('-RTT')],
    user: 'gone',
    ends: 'gone gone',
    isOver: true,
  },
  {
    title: 'goes on while a read misses the user, whose groups nobody knows then',
    changes: [granted('+MS'), granted('-RTT')],
    user: 'missing',
    ends: '- -',
    isOver: false,
  },
  {
    title: 'ends when a rollout that was started later makes the change',
    changes: [granted('+MS'), granted('-RTT')],
    granted: ['MS'],
    taken: ['MS'],
    ends: 'taken with-addition',
    isOver: true,
  },
  {
    title: 'ends after 30 days if a file asked for it',
    changes: [asked('+MS'), asked('-RTT')],
    isOld: true,
    ends: 'expired with-addition',
    isOver: true,
  },
  {
    title: 'goes on after 30 days if a template grants it',
    changes: [granted('+MS')],
    granted: ['MS'],
    isOld: true,
    ends: '-',
    isOver: false,
  },
  {
    title: 'ends in part where one of two is held; the removal waits for the other',
    changes: [granted('+MS'), granted('+RTT'), granted('-CJPSTD')],
    held: ['MS'],
    granted: ['MS', 'RTT'],
    ends: 'held - -',
    isOver: false,
  },
  {
    title: 'ends in part where one of two is not granted any more, and the removal with it',
    changes: [granted('+MS'), granted('+RTT'), granted('-CJPSTD')],
    granted: ['RTT'],
    ends: 'not-granted - with-addition',
    isOver: false,
  },
  {
    title: 'ends for a host license with the attendee account that waited beside it',
    changes: [granted(`+EE@${siteA}`), granted('+attendee:b.webex.com')],
    held: [`EE@${siteA}`],
    granted: [`EE@${siteA}`, 'attendee@b.webex.com'],
    ends: 'held with-addition',
    isOver: true,
  },
];

describe('a row that waits for a unit', () => {
  it.each(cases)('R107 $title', ({ changes, ends, isOver, ...facts }) => {
    const answer = endedChanges({
      changes,
      held: new Set(facts.held),
      granted: new Set(facts.granted),
      taken: new Set(facts.taken),
      refused: new Set(facts.refused),
      isOld: facts.isOld ?? false,
      user: facts.user ?? 'here',
    });
    expect(answer.isOver).toBe(isOver);
    const over = new Map(answer.over.map(({ key, why }) => [key, why]));
    expect(
      changes.map(
        ({ operation, target }) =>
          over.get(
            `${operation} ${target.kind === 'license' ? target.licenseId : `attendee:${target.site}`}`,
          ) ?? '-',
      ),
    ).toEqual(ends.split(' '));
  });

  it.each([
    ['an addition, with its removal', '+MS', ['refused', 'with-addition'], true],
    ['a removal alone', '-RTT', [undefined, 'refused'], false],
  ])('R107 ends what a later rollout refuses: %s', (_, refused, ends, isOver) => {
    const changes = [granted('+MS'), granted('-RTT')];
    const target = changes.find(
      ({ operation }) => (operation === 'add') === refused.startsWith('+'),
    )!.target;
    const answer = endedChanges({
      changes,
      held: new Set(),
      granted: new Set(['MS']),
      taken: new Set(),
      refused: new Set(target.kind === 'license' ? [target.licenseId] : []),
      isOld: false,
      user: 'here',
    });
    const whyOf = (operation: string) =>
      answer.over.find(({ key }) => key.startsWith(operation))?.why;
    expect([whyOf('add'), whyOf('remove')]).toEqual(ends);
    expect(answer.isOver).toBe(isOver);
  });
});

describe('whatever other rollouts pass meanwhile', () => {
  const specs = ['+MS', '+CF', '+UCPREM', '-RTT', '-FTC'];
  const someChanges = fc
    .subarray(specs, { minLength: 1 })
    .chain((chosen) =>
      fc.constantFrom(granted, asked).map((how) => chosen.map((spec) => how(spec))),
    );
  const keys = ['+MS', '+CF', '+UCPREM'].map((spec) => grantKey(grantableOf(granted(spec).target)));
  const targets = specs.map((spec) => targetKey(granted(spec).target));
  const someFacts: fc.Arbitrary<WaitFacts> = fc.record({
    changes: someChanges,
    held: fc.subarray(keys).map((some) => new Set(some)),
    granted: fc.subarray(keys).map((some) => new Set(some)),
    taken: fc.subarray(keys).map((some) => new Set(some)),
    refused: fc.subarray(targets).map((some) => new Set(some)),
    isOld: fc.boolean(),
    user: fc.constantFrom('here', 'missing', 'gone'),
  });
  const open = (facts: WaitFacts) => {
    const over = new Set(endedChanges(facts).over.map(({ key }) => key));
    return facts.changes.filter((change) => !over.has(changeKey(change)));
  };

  it('R107 an addition waits until one of six things ends it, and no other does', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        for (const change of facts.changes.filter(({ operation }) => operation === 'add')) {
          const key = grantKey(grantableOf(change.target));
          const isByFile = change.reason.code === 'csv';
          const isGranted = facts.user === 'missing' || facts.granted.has(key);
          const isEnded =
            facts.user === 'gone' ||
            facts.held.has(key) ||
            facts.taken.has(key) ||
            facts.refused.has(targetKey(change.target)) ||
            (isByFile ? facts.isOld : !isGranted);
          expect(open(facts).includes(change)).toBe(!isEnded);
        }
      }),
    );
  });

  it('R107 nothing is removed any more once no addition is waited for', () => {
    fc.assert(
      fc.property(someFacts, (facts) => {
        const left = open(facts);
        const isAdditionLeft = left.some(({ operation }) => operation === 'add');
        expect(endedChanges(facts).isOver).toBe(!isAdditionLeft);
        if (!isAdditionLeft) expect(left).toEqual([]);
      }),
    );
  });
});

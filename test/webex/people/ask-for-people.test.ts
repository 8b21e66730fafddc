/** R87: an id that is neither shown nor named as not found proves nothing. */
import type { PeopleRead } from '../../../src/webex/port/webex';
import { htmlPage, noList, nothing, type Bend } from '../../support/bends';
import { all, personId, uuidNumber } from '../../support/scripted-webex';
import { settled } from '../../support/settled';
import { aWholeWebex } from '../../support/whole-webex';

const byId = 'GET /people';
const alone = 'GET /people/{personId}';
const noNames = { fields: { notFoundIds: null } };
const wanted = [personId(1), personId(2), personId(9_999)];
/** One by one, the two who exist are shown. */
const shownAlone: Bend[] = [1, 2].map((n) => ({
  call: `GET /people/${personId(n)}`,
  instead: { status: 200, body: { id: personId(n), licenses: [] } },
}));
const notFoundAlone: Bend = { call: `GET /people/${personId(9_999)}`, instead: { status: 404 } };

const everybodyGone: Bend = { call: byId, list: nothing, fields: { notFoundIds: wanted } };

beforeEach(() => jest.useFakeTimers());
afterEach(() => jest.useRealTimers());

async function asked(bends: Bend[]) {
  const { webex } = aWholeWebex({}, bends);
  const pages = await settled(all(webex.readPeople(wanted, 10_000)));
  const numbered = (pick: (page: PeopleRead) => string[]) =>
    pages
      .flatMap(pick)
      .map((id) => wanted.indexOf(id) + 1)
      .sort();
  return {
    shown: numbered(({ users }) => users.map((user) => user.personId)),
    gone: numbered(({ notFound }) => notFound),
    unknown: numbered(({ unanswered }) => unanswered ?? []),
  };
}

describe('asking for people by id', () => {
  it.each<[string, Bend[], { shown: number[]; gone: number[]; unknown: number[] }]>([
    ['Webex behaves', [], { shown: [1, 2], gone: [3], unknown: [] }],
    [
      'the answer is empty once',
      [{ call: byId, nth: 1, list: nothing, ...noNames }],
      { shown: [1, 2], gone: [3], unknown: [] },
    ],
    [
      'the answer has no list once',
      [{ call: byId, nth: 1, list: noList }],
      { shown: [1, 2], gone: [3], unknown: [] },
    ],
    [
      'the answer is HTML once',
      [{ call: byId, nth: 1, body: () => htmlPage }],
      { shown: [1, 2], gone: [3], unknown: [] },
    ],
    [
      'everybody is named as not found, and each alone is shown',
      [everybodyGone, ...shownAlone, notFoundAlone],
      { shown: [1, 2], gone: [3], unknown: [] },
    ],
    [
      'everybody is named as not found, and alone as well',
      [everybodyGone, { call: alone, instead: { status: 404 } }],
      { shown: [], gone: [1, 2, 3], unknown: [] },
    ],
    [
      'everybody is named as not found, and nothing is said of each alone',
      [everybodyGone, { call: alone, instead: { status: 400 } }],
      { shown: [], gone: [], unknown: [1, 2, 3] },
    ],
    [
      'nobody is named as not found, but each alone is',
      [{ call: byId, ...noNames }, notFoundAlone],
      { shown: [1, 2], gone: [3], unknown: [] },
    ],
    [
      'the answers stay empty, and each alone is shown',
      [{ call: byId, list: nothing, ...noNames }, ...shownAlone, notFoundAlone],
      { shown: [1, 2], gone: [3], unknown: [] },
    ],
    ...[400, 404].map(
      (status): [string, Bend[], { shown: number[]; gone: number[]; unknown: number[] }] => [
        `the batch is refused with ${status} because of one id, and each alone is answered`,
        [{ call: byId, instead: { status, body: {} } }, ...shownAlone, notFoundAlone],
        { shown: [1, 2], gone: [3], unknown: [] },
      ],
    ),
    [
      'nothing answers',
      [
        { call: byId, list: nothing, ...noNames },
        { call: alone, instead: { status: 400, body: {} } },
      ],
      { shown: [], gone: [], unknown: [1, 2, 3] },
    ],
    [
      'each alone is somebody else',
      [
        { call: byId, list: nothing, ...noNames },
        { call: alone, instead: { status: 200, body: { id: personId(77) } } },
      ],
      { shown: [], gone: [], unknown: [1, 2, 3] },
    ],
    [
      'ids are bare UUIDs',
      [
        {
          call: byId,
          list: () => [1, 2].map((n) => ({ id: uuidNumber(n), licenses: [] })),
          fields: { notFoundIds: [uuidNumber(9_999)] },
        },
      ],
      { shown: [1, 2], gone: [3], unknown: [] },
    ],
  ])('R87 tells shown, gone and unknown apart where %s', async (_, bends, expected) => {
    expect(await asked(bends)).toEqual(expected);
  });

  it('R87 calls nobody gone whom a list shows and a question by id does not', async () => {
    const { webex } = aWholeWebex({ arePeopleBare: true, people: 3 }, [
      { call: alone, instead: { status: 404 } },
    ]);
    await expect(all(webex.listPeople())).rejects.toMatchObject({ kind: 'incomplete' });
  });
});

import fc from 'fast-check';
import { applyChanges } from '../../../src/domain/model/apply-changes';
import type { Change } from '../../../src/domain/model/change';
import { targetKey } from '../../../src/domain/model/target-key';
import type { Holdings } from '../../../src/domain/model/user';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import { changesToPutBack } from '../../../src/domain/write/changes-to-put-back';
import { withoutLostUnits } from '../../../src/domain/write/judge-put-back';
import { nextCall } from '../../../src/domain/write/next-call';
import { planOf, someSettings } from '../builders';
import {
  anyDeletion,
  anyImport,
  anyReaction,
  anyRollout,
  anyTurningOff,
  anyWithdrawal,
} from '../interpreter/any-organization';
import { asStory, thingsOf } from '../interpreter/as-story';
import { holdsAfter, type Asked } from '../interpreter/put-back';
import { calling, excludeEachOther, siteOf } from '../interpreter/words';

const { callingOffers } = someSettings();
const limitMs = 120_000;

/** Somebody who is written, and which changes of their calls Webex does. */
interface Bent {
  row: PlannedUser;
  isDone: (change: Change) => boolean;
}

const anyCase = fc.oneof(
  anyRollout,
  anyWithdrawal,
  anyDeletion,
  anyTurningOff,
  anyReaction,
  anyImport,
);
const anyBent: fc.Arbitrary<Bent[]> = fc
  .record({ one: anyCase, bends: fc.array(fc.boolean(), { minLength: 12, maxLength: 12 }) })
  .map(({ one, bends }) =>
    planOf(asStory(one))
      .rows.filter(({ changes }) => changes.length > 0)
      .map((row, i) => ({
        row,
        isDone: (change) => bends[(row.changes.indexOf(change) + i) % bends.length]!,
      })),
  );

/** The calls for one user, each of which Webex does in part, until one has a refusal. */
function written({ row, isDone }: Bent) {
  let holdings: Holdings = row.before;
  const done: Change[] = [];
  for (;;) {
    const before = holdings;
    const { changes } = nextCall(row.changes, done, callingOffers);
    const did = changes.filter(isDone);
    const refused = changes.filter((change) => !isDone(change));
    const putBack = changesToPutBack({
      done: did,
      refused,
      unitsLeft: noneLeft(row),
      callingOffers,
    });
    holdings = applyChanges(applyChanges(before, did), putBack);
    done.push(...did);
    const isOver = refused.length > 0 || done.length === row.changes.length;
    if (isOver) return { before, changes, did, refused, putBack, holdings };
  }
}

/** No unit of anything that is added: the strictest reason for a refusal. */
function noneLeft({ changes }: PlannedUser): Record<string, number> {
  return Object.fromEntries(
    changes.flatMap(({ operation, target }) =>
      operation === 'add' && target.kind === 'license' ? [[target.licenseId, 0]] : [],
    ),
  );
}

const keysOf = ({ licenses, attendeeSites }: Holdings) =>
  [...licenses, ...(attendeeSites ?? []).map((site) => `attendee:${site}`)].sort();

function thingOfChange({ target }: Change): string {
  if (target.kind === 'attendee') return `attendee:${target.site}`;
  return target.site === null ? target.offer : `${target.offer}@${target.site}`;
}

function check(claim: (bent: Bent) => void): void {
  fc.assert(
    fc.property(anyBent, (all) => all.forEach(claim)),
    { numRuns: 1_500 },
  );
}

describe('a user of whom Webex does a part only', () => {
  it(
    'R40 R95 ends as a plain reading of the rules says',
    () => {
      check((bent) => {
        const { before, changes, holdings } = written(bent);
        const call = changes.map((change): Asked => ({
          isAddition: change.operation === 'add',
          copy: targetKey(change.target),
          thing: thingOfChange(change),
          isDone: bent.isDone(change),
          attendeeWouldDo: change.attendeeFallback === true,
        }));
        expect(keysOf(holdings)).toEqual(holdsAfter(keysOf(before), call));
      });
    },
    limitMs,
  );

  it(
    'R95 has lost nothing that is not Calling, if an addition of the call was refused',
    () => {
      check((bent) => {
        const { before, did, refused, holdings } = written(bent);
        if (!refused.some(({ operation }) => operation === 'add')) return;
        const lost = keysOf(before).filter((key) => !keysOf(holdings).includes(key));
        for (const change of did) {
          const isLost = change.operation === 'remove' && lost.includes(targetKey(change.target));
          if (!isLost || calling.includes(thingOfChange(change))) continue;
          // Only where something else has come in its place (R19b).
          const got = did.filter(({ operation }) => operation === 'add').map(thingOfChange);
          expect(got.some((other) => excludeEachOther(other, thingOfChange(change)))).toBe(true);
        }
      });
    },
    limitMs,
  );

  it(
    'R40 R41 still has an account on each site, and a Contact Center license, that should be replaced',
    () => {
      check((bent) => {
        const { row } = bent;
        const { before, holdings } = written(bent);
        const [had, wanted, has] = [before, row.expected, holdings].map(families);
        for (const family of had!) if (wanted!.includes(family)) expect(has).toContain(family);
      });
    },
    limitMs,
  );

  it(
    'R95 R46 is owed what can not be put back because others have the unit',
    () => {
      check((bent) => {
        const { putBack } = written(bent);
        const additions = putBack.filter(({ operation }) => operation === 'add');
        const licenses = additions.flatMap(({ target }) =>
          target.kind === 'license' ? [target.licenseId] : [],
        );
        if (licenses.length === 0) return;
        const none = Object.fromEntries(licenses.map((id) => [id, 0]));
        const left = withoutLostUnits(putBack, additions, none);
        const owed = left!.waiting.map(({ target }) => targetKey(target));
        expect(owed.sort()).toEqual(licenses.sort());
        expect([...left!.waiting, ...left!.rest]).toHaveLength(putBack.length);
      });
    },
    limitMs,
  );
});

/** Sites with an account, and Contact Center. */
function families(holdings: Holdings): string[] {
  return thingsOf(holdings).flatMap((thing) => {
    if (thing.startsWith('CJP')) return ['contact-center'];
    return thing.includes('.') ? [siteOf(thing)] : [];
  });
}

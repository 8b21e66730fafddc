import fc from 'fast-check';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import { seedOf, stableHash } from '../../../src/domain/plan/waves/stable-hash';
import { licenseId, planOf } from '../builders';
import {
  anyDeletion,
  anyImport,
  anyReaction,
  anyRestoration,
  anyRollout,
  anyTurningOff,
  anyWithdrawal,
  leavingOut,
  type Case,
} from '../interpreter/any-organization';
import { asStory, thingsOf } from '../interpreter/as-story';
import { interpret } from '../interpreter/interpreter';
import type { Ending } from '../interpreter/organization';
import { thingOf } from '../interpreter/words';

const seed = 'any';

function whatCoreSays(one: Case) {
  const { rows } = planOf({ ...asStory(one), seed });
  return Object.fromEntries(rows.map((row) => [row.personId, inCommon(row)]));
}

function inCommon({ before, expected, pending, changes, blocked }: PlannedUser) {
  const forGood = blocked.filter(({ code }) => !['no-unit', 'host-pending', 'ring'].includes(code));
  return {
    holds: thingsOf(expected),
    keeps: expected.licenses.filter((id) => before.licenses.includes(id)).sort(),
    waitsFor: pending,
    isBlocked: forGood.length > 0,
    isChanged: changes.length > 0,
  };
}

function whatInterpreterSays({ organization, order }: Case) {
  const hash = ({ id }: { id: string }) => stableHash(id, seedOf(seed));
  const line = [...organization.people].sort((a, b) => hash(a) - hash(b));
  const endings = interpret(
    organization,
    order,
    line.map(({ id }) => id),
  );
  return Object.fromEntries(
    line.flatMap(({ id, holds }) => {
      const ending = endings.get(id);
      if (!ending) return [];
      const things = ending.holds.map(thingOf).sort();
      const isChanged = things.join() !== holds.map(thingOf).sort().join();
      const isBlocked = ending.blocked.length > 0;
      const kept = ending.holds.filter((copy) => holds.includes(copy));
      const keeps = [...new Set(kept)].filter(isLicense).map(licenseId).sort();
      return [[id, { holds: things, keeps, waitsFor: waitsFor(ending), isBlocked, isChanged }]];
    }),
  );
}

function isLicense(copy: string): boolean {
  return !copy.startsWith('attendee:');
}

/** R36, R46: for host, where the user is attendee meanwhile; for a unit otherwise. */
function waitsFor({
  waitsFor: things,
  blocked,
  meanwhileAttendee,
}: Ending): 'host' | 'unit' | null {
  const waiting = things.filter((thing) => !blocked.includes(thing));
  if (waiting.length === 0) return null;
  return waiting.every((thing) => meanwhileAttendee.includes(thing)) ? 'host' : 'unit';
}

describe('the core and a plain reading of the rules agree about', () => {
  it.each<[string, fc.Arbitrary<Case>, number]>([
    [
      'R17 R19 R19a R19b R35 R36 R39 R40a R41 R45 R46 R103 R107 rollouts of templates',
      anyRollout,
      2500,
    ],
    ['R31 R31a R31b services removed from a template', anyWithdrawal, 1500],
    ['R30 R31a R31b deleted templates', anyDeletion, 1500],
    ['R54 R58 R59 services turned off', anyTurningOff, 500],
    ['R22 R27 R28 R29 R29b what happens automatically', anyReaction, 2000],
    ['R53 R54 R72 R73 imported files', anyImport, 1500],
    ['R81 services given again', anyRestoration, 500],
    ['R103 rollouts of templates without some offers', leavingOut(anyRollout), 1500],
    ['R103 services removed from a template, but some offers', leavingOut(anyWithdrawal), 700],
    ['R103 deleted templates, without some offers', leavingOut(anyDeletion), 700],
    ['R103 services turned off, but some offers', leavingOut(anyTurningOff), 500],
    ['R103 imported files without some offers', leavingOut(anyImport), 1000],
    ['R103 services given again, but some offers', leavingOut(anyRestoration), 300],
  ])(
    '%s',
    (_, anyCase, numRuns) => {
      const agree = (one: Case) => expect(whatCoreSays(one)).toEqual(whatInterpreterSays(one));
      fc.assert(fc.property(anyCase, agree), { numRuns });
    },
    300_000,
  );
});

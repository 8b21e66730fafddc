import fc from 'fast-check';
import type { Change } from '../../../src/domain/model/change';
import type { PlannedUser } from '../../../src/domain/plan/planned-user';
import { planOf } from '../builders';
import {
  anyDeletion,
  anyImport,
  anyOrganization,
  anyReaction,
  anyRestoration,
  anyRollout,
  anyTurningOff,
  anyWithdrawal,
  leavingOut,
  type Case,
} from '../interpreter/any-organization';
import { asStory, thingsOf } from '../interpreter/as-story';
import type { Organization, Person } from '../interpreter/organization';

const limitMs = 120_000;

function forEachRow(
  anyCase: fc.Arbitrary<Case>,
  claim: (row: PlannedUser, person: Person, one: Case) => void,
): void {
  const property = fc.property(anyCase, (one) => {
    for (const row of planOf(asStory(one)).rows) {
      claim(
        row,
        one.organization.people.find(({ id }) => id === row.personId)!,
        one,
      );
    }
  });
  fc.assert(property, { numRuns: 400 });
}

function removals({ changes, waiting }: PlannedUser): Change[] {
  return [...changes, ...waiting].filter(({ operation }) => operation === 'remove');
}

function isCalling({ target }: Change): boolean {
  return target.kind === 'license' && target.offer === 'BCSTD';
}

/** Sites where a template for this user grants attendee, or a host license that isn't short. */
function accountsGranted(
  { mode, templates, units }: Organization,
  { groups, isExplicit, administers }: Person,
): string[] {
  const ofGroups = templates.filter(({ group }) => group !== null && groups.includes(group));
  const isOverridden = mode === 'group-overrides-organization' && ofGroups.length > 0;
  const ofAll = templates.filter(({ group }) => group === null && !isOverridden && !isExplicit);
  const hosts = Object.keys(units).filter((copy) => units[copy] === 100);
  return [...ofAll, ...ofGroups]
    .flatMap(({ things }) => things)
    .filter((thing) => thing.startsWith('attendee:') || hosts.includes(thing))
    .filter((thing) => hosts.includes(thing) || !administers.includes(siteOf(thing)))
    .filter((thing) => thing.includes('.'))
    .map(siteOf);
}

function siteOf(thing: string): string {
  return thing.replace(/^attendee:|^EE@/, '');
}

function accountsIn(things: readonly string[]): string[] {
  return things.filter((thing) => thing.includes('.')).map(siteOf);
}

describe('any user, whatever they hold', () => {
  it.each([
    ['R27 R28 what happens automatically with the setting on', anyReaction, 'add'],
    ['R72 a file that only adds', anyImport, 'add'],
    ['R81 giving again', anyRestoration, 'add'],
  ] as const)(
    '%s removes nothing but in replacements (R19b)',
    (_, anyCase, how) => {
      forEachRow(anyCase, (row, { id }, { order }) => {
        if (order.kind === 'react' && order.how[id] !== how) return;
        if (order.kind === 'csv' && order.removes) return;
        for (const { replacement } of removals(row)) expect(replacement).toBe(true);
      });
    },
    limitMs,
  );

  it.each([
    ['R30 deleting a template', anyDeletion],
    ['R31 removing a service from a template', anyWithdrawal],
  ] as const)(
    '%s takes only what the template gave (R31a)',
    (_, anyCase) => {
      forEachRow(anyCase, (row, { origins }, { order }) => {
        if (order.kind === 'template' && order.existingUsers && !order.preserve) return;
        const templateId = order.kind === 'delete' ? order.template.id : 'id' in order && order.id;
        const taken = removals(row).filter(({ replacement }) => !replacement);
        for (const { target } of taken) {
          const name = target.kind === 'attendee' ? `attendee:${target.site}` : null;
          const copies = Object.keys(origins).filter((copy) =>
            name === null ? !copy.startsWith('attendee:') && isOf(copy, target) : copy === name,
          );
          const givers = copies.map((copy) => origins[copy]);
          expect(givers).toContainEqual({ kind: 'template', templateId, revision: 1 });
        }
      });
    },
    limitMs,
  );

  it(
    'R29b nothing that happens automatically removes Calling',
    () => {
      forEachRow(anyReaction, (row) => {
        expect(removals(row).filter(isCalling)).toEqual([]);
      });
    },
    limitMs,
  );

  it(
    'R22 a new user loses nothing but free licenses that were assigned automatically',
    () => {
      forEachRow(anyReaction, (row, { id, origins }, { order }) => {
        if (order.kind !== 'react' || order.how[id] !== 'new') return;
        for (const { target, replacement } of removals(row)) {
          if (replacement) continue;
          expect(target.kind).toBe('license');
          const offer = target.kind === 'license' ? target.offer : '';
          expect(['FMS', 'FTM', 'FTC']).toContain(offer);
          expect(origins[offer]).toEqual({ kind: 'implicit' });
        }
      });
    },
    limitMs,
  );

  it.each([
    ['R36 R37 R40 R40a a rollout', anyRollout],
    ['R36 R37 R40 a reaction', anyReaction],
    ['R30 R40 deleting a template', anyDeletion],
    ['R31 R40 removing a service from a template', anyWithdrawal],
  ] as const)(
    '%s leaves nobody without the account on a site that is granted and can be had',
    (_, anyCase) => {
      forEachRow(anyCase, (row, person, { organization, order }) => {
        // R103: who is left out by name ends as they are.
        if (person.isLeftOut) return;
        const after = accountsIn(thingsOf(row.expected));
        const before = accountsIn(person.holds);
        // R30 and R31 give nothing to those who had nothing.
        const isGiving = order.kind === 'react' || (order.kind === 'template' && !order.withdraws);
        for (const site of accountsGranted(organization, person)) {
          if (isGiving || before.includes(site)) expect(after).toContain(site);
        }
      });
    },
    limitMs,
  );

  it(
    'R58 R59 turning services off takes nothing else',
    () => {
      forEachRow(anyTurningOff, (row) => {
        for (const { target } of removals(row)) {
          expect(target.kind === 'license' ? target.offer : 'attendee').toMatch(
            /^(FMS|MS|FTM|CF|FTC)$/,
          );
        }
      });
    },
    limitMs,
  );
});

describe('what a plan leaves out', () => {
  const anyPlan = fc.oneof(anyRollout, anyWithdrawal, anyDeletion, anyTurningOff, anyImport);

  it(
    'R103 is neither added nor removed, and nobody waits for it',
    () => {
      forEachRow(leavingOut(anyPlan), ({ changes, waiting }, _, { order }) => {
        for (const { target } of [...changes, ...waiting]) {
          const offer = target.kind === 'license' ? target.offer : 'attendee';
          expect(order.leftOut).not.toContain(offer);
          if (target.site !== null) expect(order.leftOut).not.toContain(`${offer}@${target.site}`);
        }
      });
    },
    limitMs,
  );

  it(
    'R103 costs nobody an account on a site or Contact Center that they would have kept in other form',
    () => {
      const claim = fc.property(leavingOut(anyPlan), ({ organization, order }) => {
        const whole = { ...order, leftOut: [] };
        const all = planOf(asStory({ organization, order: whole }));
        for (const row of planOf(asStory({ organization, order })).rows) {
          const had = families(thingsOf(row.before));
          const wouldHave = families(thingsOf(all.of(row.personId).expected));
          const has = families(thingsOf(row.expected));
          for (const one of had) if (wouldHave.includes(one)) expect(has).toContain(one);
        }
      });
      fc.assert(claim, { numRuns: 600 });
    },
    limitMs,
  );

  function families(things: readonly string[]): string[] {
    const isAgent = things.some((thing) => thing.startsWith('CJP'));
    return [...accountsIn(things), ...(isAgent ? ['contact-center'] : [])];
  }
});

/** Whether a copy in the words of the interpreter is what a change is about. */
function isOf(copy: string, target: Change['target']): boolean {
  if (target.kind === 'attendee') return false;
  const thing = target.site === null ? target.offer : `${target.offer}@${target.site}`;
  return copy.replace(/#\d+$/, '') === thing;
}

describe('R3 a switch of the mode', () => {
  const modes = ['exclusive', 'union', 'group-overrides-organization'] as const;
  const anySwitch = fc.record({
    before: anyOrganization,
    mode: fc.constantFrom(...modes),
    isOfAllLeft: fc.boolean(),
  });

  /** R2: the templates of the side that is left are deleted. */
  function switched({
    before,
    mode,
    isOfAllLeft,
  }: {
    before: Organization;
    mode: Organization['mode'];
    isOfAllLeft: boolean;
  }): Organization {
    const templates = before.templates.filter(({ group }) => (group === null) !== isOfAllLeft);
    return { ...before, mode, templates };
  }

  it(
    'is no reason to change anybody',
    () => {
      const claim = fc.property(anySwitch, (any) => {
        const organization = switched(any);
        const plan = planOf(asStory({ organization, order: { kind: 'react', how: {} } }));
        expect(plan.rows).toEqual([]);
      });
      fc.assert(claim, { numRuns: 200 });
    },
    limitMs,
  );

  it(
    'removes nothing when a user is decided for another reason, with the setting on (R28)',
    () => {
      const claim = fc.property(anySwitch, (any) => {
        const organization = switched(any);
        const how = Object.fromEntries(organization.people.map(({ id }) => [id, 'add' as const]));
        for (const row of planOf(asStory({ organization, order: { kind: 'react', how } })).rows) {
          for (const { replacement } of removals(row)) expect(replacement).toBe(true);
        }
      });
      fc.assert(claim, { numRuns: 400 });
    },
    limitMs,
  );
});

import fc from 'fast-check';
import type { Provenance } from '../../../src/domain/model/user';
import { siteA, siteB } from '../builders';
import type { Order, Organization, Person, TemplateInWords } from './organization';

const hosts = [`EE@${siteA}`, `EE@${siteB}`];
const attendees = [`attendee:${siteA}`, `attendee:${siteB}`];
const free = ['FMS', 'FTM', 'FTC', 'FSS'];
const single = ['MS', 'CF', 'BCSTD', 'WXCSTD', 'CJPPRM', 'CJPSTD', ...hosts];
const paid = [...single, 'RTT', 'RTT#2'];
const things = ['FMS', 'FTC', 'RTT', ...single, ...attendees];
const groups = ['g', 'h'];

/** What a template may say: space meetings only with messaging (R55), one kind of Calling (R60). */
const anyThings = fc
  .subarray(things)
  .map((some) => (some.includes('FMS') || some.includes('MS') ? some : without(some, 'CF')))
  .map((some) => (some.includes('BCSTD') ? without(some, 'WXCSTD') : some));

const anyTemplates = fc
  .record({ ofAll: fc.option(anyThings), ofG: fc.option(anyThings), ofH: fc.option(anyThings) })
  .map(({ ofAll, ofG, ofH }) => [
    ...template('all', null, ofAll),
    ...template('of-g', 'g', ofG),
    ...template('of-h', 'h', ofH),
  ]);

function template(id: string, group: string | null, of: string[] | null): TemplateInWords[] {
  return of === null ? [] : [{ id, group, things: of }];
}

const anyOrigin: fc.Arbitrary<Provenance> = fc.constantFrom<Provenance[]>(
  { kind: 'template', templateId: 'all', revision: 1 },
  { kind: 'template', templateId: 'of-g', revision: 1 },
  { kind: 'manual' },
  { kind: 'explicit' },
  { kind: 'implicit' },
  { kind: 'unknown' },
);

/** Somebody who holds what Webex lets one hold. */
function anyPerson(id: string): fc.Arbitrary<Person> {
  const held = [...free, ...paid, 'WAM', ...attendees];
  return fc
    .record({
      holds: fc.subarray(held),
      origins: fc.tuple(...held.map(() => anyOrigin)),
      groups: fc.subarray(groups),
      administers: fc.oneof(
        { weight: 4, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.subarray([siteA, siteB]) },
      ),
      isPerson: rarely(false),
      isExplicit: rarely(true),
      isLeftOut: rarely(true),
      waitsSince: fc.oneof(
        { weight: 4, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.subarray(single) },
      ),
      canHaveCalling: rarely(false),
    })
    .map(({ origins, holds, ...rest }) => {
      const allowed = allowedOf(holds, rest.administers);
      // Users with Calling have a number.
      const canHaveCalling = rest.canHaveCalling || allowed.includes('WXCSTD');
      const known = allowed.map((copy) => [copy, origins[held.indexOf(copy)]!] as const);
      return { id, holds: allowed, origins: Object.fromEntries(known), ...rest, canHaveCalling };
    });
}

function allowedOf(holds: string[], administers: string[]): string[] {
  const has = (copy: string) => holds.includes(copy);
  return holds.filter((copy) => {
    if (copy === 'MS' || copy === 'FTM') return has('FMS');
    if (copy === 'CF') return has('FMS') && has('FTM');
    if (copy === 'CJPSTD') return !has('CJPPRM');
    if (copy === 'WXCSTD') return !has('BCSTD');
    const [kind, site = ''] = copy.split(':');
    return kind !== 'attendee' || !(has(`EE@${site}`) || administers.includes(site));
  });
}

function rarely(value: boolean): fc.Arbitrary<boolean> {
  return fc.constantFrom(value, !value, !value, !value, !value);
}

function without(list: string[], one: string): string[] {
  return list.filter((other) => other !== one);
}

/** Units left: plenty of everything, or little of some. */
const anyUnits = fc.oneof(
  fc.constant(unitsOf(() => 100)),
  fc
    .tuple(...paid.map(() => fc.constantFrom(0, 1, 2, 100)))
    .map((left) => unitsOf((i) => left[i]!)),
);

function unitsOf(left: (i: number) => number): Record<string, number> {
  return Object.fromEntries(paid.map((copy, i) => [copy, left(i)]));
}

/** No end, the same end, or one before the other. */
const anyEnds = fc
  .record({ '1': fc.option(anyDay()), '2': fc.option(anyDay()) })
  .map((ends) =>
    Object.fromEntries(
      Object.entries(ends).flatMap(([n, day]): [string, string][] =>
        day === null ? [] : [[n, day]],
      ),
    ),
  );

function anyDay(): fc.Arbitrary<string> {
  return fc.constantFrom('2027-06-30', '2028-06-30');
}

export const anyOrganization: fc.Arbitrary<Organization> = fc
  .record({
    mode: fc.constantFrom('exclusive', 'union', 'group-overrides-organization'),
    templates: anyTemplates,
    units: anyUnits,
    ends: anyEnds,
    people: fc
      .integer({ min: 1, max: 5 })
      .chain((n) => fc.tuple(...Array.from({ length: n }, (_, i) => anyPerson(`user${i}`)))),
  })
  .map(({ mode, templates, ...rest }) => {
    // R2: one side only.
    const isOfAll = templates[0]?.group === null;
    const oneSide = templates.filter(({ group }) => (group === null) === isOfAll);
    return {
      ...rest,
      mode,
      templates: mode === 'exclusive' ? oneSide : templates,
      listed: [...free, ...paid],
    };
  });

/** An organization, and something that can be done in it. */
export interface Case {
  organization: Organization;
  order: Order;
}

type OrderOf = (organization: Organization) => fc.Arbitrary<Order>;

function anyCase(orderOf: OrderOf): fc.Arbitrary<Case> {
  return anyOrganization.chain((organization) =>
    orderOf(organization).map((order) => ({ organization, order })),
  );
}

/** R103: the same, without some offers. */
export function leavingOut(anyCase: fc.Arbitrary<Case>): fc.Arbitrary<Case> {
  const offers = ['EE', ...things.map((thing) => thing.replace(':', '@'))];
  return fc
    .record({ one: anyCase, leftOut: fc.subarray(offers, { minLength: 1, maxLength: 4 }) })
    .map(({ one, leftOut }) => ({ ...one, order: { ...one.order, leftOut } }));
}

/** Nobody is there to be deleted or rolled out: such an organization gets an empty template. */
function anyTemplateCase(
  orderOf: (chosen: TemplateInWords, others: TemplateInWords[]) => fc.Arbitrary<Case['order']>,
  isKept: boolean,
): fc.Arbitrary<Case> {
  return anyOrganization
    .filter(({ templates }) => templates.length > 0)
    .chain((organization) =>
      fc.nat(organization.templates.length - 1).chain((i) => {
        const chosen = organization.templates[i]!;
        const others = organization.templates.filter((other) => other !== chosen);
        const templates = isKept ? organization.templates : others;
        return orderOf(chosen, others).map((order) => ({
          organization: { ...organization, templates },
          order,
        }));
      }),
    );
}

/** For everybody, or for those whom it concerns: a value each. */
function each<T>({ people }: Organization, of: (one: Person) => fc.Arbitrary<T>) {
  return fc
    .tuple(...people.map((one) => fc.option(of(one))))
    .map((values) =>
      Object.fromEntries(
        people.flatMap(({ id }, i) => (values[i] === null ? [] : [[id, values[i]] as [string, T]])),
      ),
    );
}

export const anyRollout = anyTemplateCase(
  ({ id }) =>
    fc.record({
      kind: fc.constant('template' as const),
      id: fc.constant(id),
      existingUsers: fc.constant(true),
      preserve: fc.boolean(),
      withdraws: fc.constant(false),
    }),
  true,
);

export const anyWithdrawal = anyTemplateCase(
  ({ id }) =>
    fc.record({
      kind: fc.constant('template' as const),
      id: fc.constant(id),
      existingUsers: fc.boolean(),
      preserve: fc.boolean(),
      withdraws: fc.constant(true),
    }),
  true,
);

export const anyDeletion = anyTemplateCase(
  (chosen) => fc.constant({ kind: 'delete', template: chosen }),
  false,
);

export const anyTurningOff = anyCase(() =>
  fc.record({
    kind: fc.constant('turn-off' as const),
    messaging: fc.boolean(),
    calling: fc.boolean(),
  }),
);

export const anyReaction = anyCase((organization) =>
  fc.record({
    kind: fc.constant('react' as const),
    how: each(organization, () => fc.constantFrom('add', 'exact', 'new')),
  }),
);

/** Without contradictions in a row (R54), and without what a file can't control (R56). */
export const anyImport = anyCase((organization) =>
  fc.record({
    kind: fc.constant('csv' as const),
    removes: fc.boolean(),
    cells: each(organization, () =>
      fc.dictionary(fc.constantFrom(...things), fc.boolean()).map(consistent),
    ),
  }),
);

function consistent(cells: Record<string, boolean>): Record<string, boolean> {
  const isBothTrue = (one: string, other: string) => cells[one] === true && cells[other] === true;
  return Object.fromEntries(
    Object.entries(cells).filter(([thing, value]) => {
      if (value && (thing === 'MS' || thing === 'CF')) return cells.FMS !== false;
      if (thing === 'CJPSTD') return !isBothTrue('CJPSTD', 'CJPPRM');
      if (thing === 'WXCSTD') return !isBothTrue('WXCSTD', 'BCSTD');
      const [kind, site = ''] = thing.split(':');
      return kind !== 'attendee' || !isBothTrue(thing, `EE@${site}`);
    }),
  );
}

/** What was taken from somebody who held what Webex lets one hold. */
export const anyRestoration = anyCase((organization) =>
  fc.record({
    kind: fc.constant('restore' as const),
    taken: each(organization, () =>
      fc.subarray(['FMS', 'MS', 'FTM', 'CF', 'FTC']).map((some) => allowedOf(some, [])),
    ),
  }),
);

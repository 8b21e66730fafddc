import {
  aLicense,
  aTemplate,
  aUser,
  changesOf,
  licenseId,
  licensesWith,
  planOf,
  siteA,
  siteB,
  someLicenses,
  someSettings,
  type UserSpec,
} from '../builders';

const hostA = `EE@${siteA}`;
const hostB = `EE@${siteB}`;

/** `u0`, `u1` … */
function users(count: number, spec: UserSpec = {}, prefix = 'u') {
  return Array.from({ length: count }, (_, i) => aUser({ ...spec, id: `${prefix}${i}` }));
}

describe('units', () => {
  const short = (left: number, spec = 'RTT') =>
    licensesWith(aLicense(spec, { total: 10, used: 10 - left }));

  it('R46 only as many users are served as there are units; the others wait', () => {
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: users(5), licenses: short(3) });
    expect(plan.summary).toMatchObject({ planned: 3, waitingForSeat: 2 });
    expect(plan.rows.map(({ outcome }) => outcome).slice(3)).toEqual(
      Array(2).fill('waiting-for-seat'),
    );
    const waiting = plan.rows.at(-1);
    expect(waiting).toMatchObject({ wave: null, step: null, changes: [], pending: 'unit' });
    expect(waiting?.blocked).toEqual([expect.objectContaining({ code: 'no-unit', rule: 'R46' })]);
  });

  it('R46 demand is net: who holds the offer needs no unit', () => {
    const everybody = [...users(5, { holds: ['RTT'] }, 'h'), ...users(3)];
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: everybody, licenses: short(3) });
    expect(plan.summary).toMatchObject({ planned: 3, waitingForSeat: 0, unchanged: 5 });
  });

  it('R46 who is served depends on the user and the seed, never on the order of input', () => {
    const served = (order: ReturnType<typeof users>, seed: string) =>
      planOf({ templates: [aTemplate(['RTT'])], users: order, licenses: short(5), seed })
        .rows.filter(({ outcome }) => outcome === 'planned')
        .map(({ personId }) => personId);
    const twenty = users(20);
    expect(served([...twenty].reverse(), 's')).toEqual(served(twenty, 's'));
    expect(served(twenty, 'another')).not.toEqual(served(twenty, 's'));
  });

  it('R46 a starved user loses nothing, and gets what there is', () => {
    const plan = planOf({
      templates: [aTemplate(['RTT', 'FTC'])],
      users: [aUser({ holds: [hostA] })],
      licenses: short(0),
      preserveLicenses: false,
    });
    const row = plan.of('ann');
    expect(changesOf(row)).toBe('+FTC');
    expect(row).toMatchObject({ outcome: 'planned', pending: 'unit' });
    expect(row.waiting.map(({ operation }) => operation).sort()).toEqual(['add', 'remove']);
  });

  it('R46 a replacement is planned although another addition of that user waits', () => {
    const plan = planOf({
      templates: [aTemplate([hostA, 'RTT'])],
      users: [aUser({ attends: [siteA] })],
      licenses: short(0),
    });
    expect(changesOf(plan.of('ann'))).toBe(`-attendee@${siteA} +EE host@${siteA}`);
  });

  it('R36 host has no unit: attendee now, host-pending', () => {
    const templates = [aTemplate([hostA, `${hostA}:attendee`])];
    const plan = planOf({ templates, users: [aUser()], licenses: short(0, hostA) });
    expect(changesOf(plan.of('ann'))).toBe(`+attendee@${siteA}`);
    expect(plan.of('ann')).toMatchObject({ outcome: 'planned', pending: 'host' });
    expect(plan.of('ann').blocked).toEqual([expect.objectContaining({ rule: 'R36' })]);
  });

  it('R36 a user who waits for host keeps the attendee account', () => {
    const templates = [aTemplate([hostA, `${hostA}:attendee`])];
    const users = [aUser({ attends: [siteA] })];
    const plan = planOf({ templates, users, licenses: short(0, hostA) });
    expect(plan.of('ann')).toMatchObject({ outcome: 'host-pending', changes: [] });
    expect(plan.summary.hostPending).toBe(1);
  });

  it('R36 host alone granted and no unit left: the user waits', () => {
    const templates = [aTemplate([hostA])];
    const plan = planOf({ templates, users: [aUser()], licenses: short(0, hostA) });
    expect(plan.of('ann')).toMatchObject({ outcome: 'waiting-for-seat', changes: [] });
  });

  it('R37 granted both, host if a unit is free', () => {
    const templates = [aTemplate([hostA, `${hostA}:attendee`])];
    expect(changesOf(planOf({ templates, users: [aUser()] }).of('ann'))).toBe(`+EE host@${siteA}`);
  });

  it('R40a a host whose replacement waits is host and nothing else', () => {
    const plan = planOf({
      templates: [aTemplate([`${hostA}:attendee`, 'RTT'])],
      users: [aUser({ holds: [hostA] })],
      licenses: short(0),
      preserveLicenses: false,
    });
    expect(plan.of('ann')).toMatchObject({ outcome: 'waiting-for-seat', changes: [] });
  });

  it("R60 a unit goes to another user if what it excludes can't be removed yet", () => {
    const licenses = licensesWith(
      aLicense('RTT', { total: 1, used: 1 }),
      aLicense('BCSTD', { total: 1, used: 0 }),
    );
    const plan = planOf({
      templates: [aTemplate(['BCSTD']), aTemplate(['RTT'], { group: 'sales' })],
      users: [aUser({ holds: ['WXCSTD'], groups: ['sales'], inPilot: true }), aUser({ id: 'bob' })],
      licenses,
      preserveLicenses: false,
      pilot: { users: ['ann'] },
    });
    expect(plan.of('ann')).toMatchObject({ outcome: 'waiting-for-seat', changes: [] });
    expect(changesOf(plan.of('bob'))).toBe('+BCSTD');
  });

  it('R47 free licenses are never short', () => {
    const licenses = someLicenses().map((license) =>
      license.subscriptionId === null ? { ...license, totalUnits: 1, consumedUnits: 1 } : license,
    );
    const plan = planOf({ templates: [aTemplate(['FMS'])], users: users(9), licenses });
    expect(plan.summary.planned).toBe(9);
  });

  it('R44 the oldest subscription is used up first, then the next oldest', () => {
    const two = [3, 1, 2].map((n) => aLicense(`RTT#${n}`, { total: 2 }));
    const licenses = licensesWith(...two);
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: users(5), licenses });
    const given = plan.rows.map(({ expected }) => expected.licenses[0]);
    const ids = [1, 1, 2, 2, 3].map((n) => licenseId(`RTT#${n}`));
    expect(given).toEqual(ids);
  });

  it('R44 unlisted subscriptions come last, by id, with a warning', () => {
    const settings = someSettings({ subscriptions: [{ id: 'Sub-3', startsOn: '2024-01-01' }] });
    const two = [2, 3, 1].map((n) => aLicense(`RTT#${n}`, { total: 1 }));
    const plan = planOf({
      templates: [aTemplate(['RTT'])],
      users: users(3),
      licenses: licensesWith(...two),
      settings,
    });
    const given = plan.rows.map(({ expected }) => expected.licenses[0]);
    expect(given).toEqual([3, 1, 2].map((n) => licenseId(`RTT#${n}`)));
    const warning = plan.summary.warnings.find(({ rule }) => rule === 'R44');
    expect(warning?.text).toContain('Sub-1, Sub-2');
  });

  it('R46 forecasts units on net demand', () => {
    const plan = planOf({ templates: [aTemplate(['RTT'])], users: users(5), licenses: short(3) });
    expect(plan.summary.units.find(({ offer }) => offer === 'RTT')).toMatchObject({
      unitsLeft: 3,
      taken: 3,
      freed: 0,
      unitsLeftAfter: 0,
      waiting: 2,
    });
  });
});

describe('units that the plan itself frees (R46)', () => {
  const licenses = licensesWith(
    aLicense(hostA, { total: 1, used: 1 }),
    aLicense(hostB, { total: 1, used: 1 }),
  );
  const templates = [
    aTemplate(['FTC']),
    aTemplate([hostA], { group: 'a' }),
    aTemplate([hostB], { group: 'b' }),
  ];
  const chain = [
    aUser({ id: 'leaver', holds: ['FTC', hostB] }),
    aUser({ id: 'mover', holds: ['FTC', hostA], groups: ['b'] }),
    aUser({ id: 'joiner', holds: ['FTC'], groups: ['a'] }),
  ];

  it.each(['s1', 's2', 's3', 's4'])('go to those who wait, a step later (seed %s)', (seed) => {
    const plan = planOf({ templates, users: chain, licenses, preserveLicenses: false, seed });
    expect(plan.rows.map(({ personId, step }) => `${personId} ${step}`)).toEqual([
      'leaver 0',
      'mover 1',
      'joiner 2',
    ]);
    expect(plan.summary.waves).toEqual([
      {
        wave: 1,
        users: 3,
        soakSeconds: 0,
        steps: [0, 1, 2].map((step) => ({ step, fromSeq: step + 1, toSeq: step + 1 })),
      },
    ]);
  });

  it('a pilot user who needs another one’s unit comes after that one, not in the pilot', () => {
    const named = chain.map((user) => ({ ...user, inPilot: user.personId === 'joiner' }));
    const plan = planOf({
      templates,
      users: named,
      licenses,
      preserveLicenses: false,
      pilot: { users: ['joiner'] },
    });
    expect(plan.summary.waves.map(({ wave, users }) => [wave, users])).toEqual([[1, 3]]);
    expect(plan.of('joiner')).toMatchObject({ wave: 1, step: 2 });
  });

  it('nobody waits for the unit of a user who waits', () => {
    const none = licensesWith(
      aLicense(hostA, { total: 1, used: 1 }),
      aLicense(hostB, { total: 0, used: 0 }),
    );
    const plan = planOf({
      templates,
      users: chain.slice(1),
      licenses: none,
      preserveLicenses: false,
    });
    expect(plan.summary).toMatchObject({ planned: 0, waitingForSeat: 2, rings: [] });
  });

  it('a ring of users who need each other’s units is reported, not waited for', () => {
    const ring = [
      aUser({ id: 'ann', holds: ['FTC', hostA], groups: ['b'] }),
      aUser({ id: 'bob', holds: ['FTC', hostB], groups: ['a'] }),
    ];
    const plan = planOf({ templates, users: ring, licenses, preserveLicenses: false });
    expect(plan.summary.rings.map((ids) => [...ids].sort())).toEqual([['ann', 'bob']]);
    expect(plan.summary.waitingForSeat).toBe(2);
    expect(plan.of('ann').blocked).toEqual([expect.objectContaining({ code: 'ring' })]);
    expect(plan.summary.warnings).toContainEqual(expect.objectContaining({ code: 'rings' }));
  });
});

import { IdForms, idKey } from '../../../src/webex/wire/id-forms';
import {
  groupId,
  idOf,
  licenseId,
  orgUuid,
  personId,
  uuidNumber,
} from '../../support/scripted-webex';

const inRegion = (region: string, id: string) =>
  idOf(Buffer.from(id, 'base64url').toString().replace('//us/', `//${region}/`));
const regions = ['us', 'eu', 'urn:TEAM:eu-central-1_k'];
const nothing = { person: null, group: null, license: null };

describe('IdForms', () => {
  const kinds = [
    ['person', personId(1)],
    ['group', groupId(1)],
    ['license', licenseId('EE', 'acme.webex.com')],
  ] as const;
  const cases = kinds.flatMap(([kind, id]) =>
    regions.flatMap((stored) => regions.map((shown) => [kind, stored, shown, id] as const)),
  );

  it.each(cases)(
    'R87 keeps the stored form of a %s: %s, also for %s',
    (kind, stored, shown, id) => {
      const ids = new IdForms();
      const kept = inRegion(stored, id);
      ids.learn(orgUuid, { ...nothing, [kind]: kept });
      expect(ids[kind](inRegion(shown, id))).toBe(kept);
      expect(ids[kind](`${inRegion(shown, id)}==`)).toBe(kept);
    },
  );

  it.each(regions)('R87 knows bare UUIDs of people and groups where ids are of %s', (stored) => {
    const ids = new IdForms();
    const [person, group] = [inRegion(stored, personId(1)), inRegion(stored, groupId(1))];
    ids.learn(orgUuid, { ...nothing, person, group });
    expect(ids.person(uuidNumber(1).toUpperCase())).toBe(person);
    expect(ids.group(uuidNumber(1))).toBe(group);
  });

  it('R87 takes the form of the first id where nothing is stored', () => {
    const ids = new IdForms();
    expect(ids.person(inRegion('eu', personId(1)))).toBe(inRegion('eu', personId(1)));
    expect(ids.person(personId(2))).toBe(inRegion('eu', personId(2)));
    expect(ids.person(uuidNumber(3))).toBe(inRegion('eu', personId(3)));
  });

  it('leaves alone what is no id', () => {
    const ids = new IdForms();
    expect(['me', '', 'ann@acme.example'].map((id) => ids.person(id))).toEqual([
      'me',
      '',
      'ann@acme.example',
    ]);
    expect(ids.group(uuidNumber(1))).toBe(uuidNumber(1));
  });
});

describe('idKey', () => {
  it('R87 is the same for all forms of an id', () => {
    const forms = [
      uuidNumber(1),
      `${personId(1)}=`,
      ...regions.map((r) => inRegion(r, personId(1))),
    ];
    expect(new Set(forms.map(idKey)).size).toBe(1);
  });
});

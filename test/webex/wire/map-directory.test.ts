import { IdForms } from '../../../src/webex/wire/id-forms';
import { toLicense, toUser } from '../../../src/webex/wire/map-directory';
import {
  idOf,
  licenseId,
  orgId,
  orgUuid,
  personId,
  uuidNumber,
} from '../../support/scripted-webex';

describe('toUser', () => {
  it('maps the fields of a person, with sorted licenses', () => {
    const licenses = [licenseId('MS'), licenseId('FMS'), licenseId('MS')];
    const created = '2026-01-05T08:00:00.000Z';
    const person = {
      id: personId(1),
      emails: ['a@acme.example', 'b@acme.example'],
      displayName: 'Alva Ahl',
      orgId,
      licenses,
      status: 'unknown',
      created,
      type: 'person',
    };
    expect(toUser(person, { ids: new IdForms(), orgUuid })).toEqual({
      personId: personId(1),
      email: 'a@acme.example',
      addresses: ['a@acme.example', 'b@acme.example'],
      displayName: 'Alva Ahl',
      kind: 'person',
      holdings: { licenses: [licenseId('MS'), licenseId('FMS')].sort(), attendeeSites: null },
      status: 'unknown',
      invitePending: null,
      loginEnabled: null,
      createdAt: new Date(created),
      calling: null,
    });
  });

  it('accepts a person with almost no fields', () => {
    expect(toUser({ id: personId(1) }, { ids: new IdForms(), orgUuid })).toEqual({
      personId: personId(1),
      email: '',
      addresses: [],
      displayName: '',
      kind: 'person',
      holdings: { licenses: [], attendeeSites: null },
      status: null,
      invitePending: null,
      loginEnabled: null,
      createdAt: null,
      calling: null,
    });
  });

  it.each([
    [{ type: 'person' }, 'person'],
    [{ type: 'bot' }, 'bot'],
    [{ type: 'appuser' }, 'machine'],
    [{ orgId }, 'person'],
    [{ orgId: idOf(`ciscospark://us/ORGANIZATION/${uuidNumber(9)}`) }, 'external'],
  ])('R17 R52 sees by %j that it is a %s', (fields, kind) => {
    expect(toUser({ id: personId(1), ...fields }, { ids: new IdForms(), orgUuid }).kind).toBe(kind);
  });

  it.each([
    [undefined, null],
    [[], []],
    [['acme.webex.com'], []],
    [['acme.webex.com#attendee'], ['acme.webex.com']],
    [
      ['B.webex.com#attendee', 'a.webex.com#ATTENDEE', 'c.webex.com'],
      ['a.webex.com', 'b.webex.com'],
    ],
  ])('R34 reads attendee sites from siteUrls %j', (siteUrls, sites) => {
    expect(
      toUser({ id: personId(1), siteUrls }, { ids: new IdForms(), orgUuid }).holdings.attendeeSites,
    ).toEqual(sites);
  });

  it.each([
    [{ firstName: 'Bo', lastName: 'Berg', emails: ['b@acme.example'] }, 'Bo Berg'],
    [{ displayName: '', emails: ['b@acme.example'] }, 'b@acme.example'],
  ])('calls %j %s', (fields, name) => {
    expect(
      toUser({ id: personId(1), ...fields }, { ids: new IdForms(), orgUuid: null }).displayName,
    ).toBe(name);
  });
});

describe('toLicense', () => {
  it('reads offer and site from the id if nothing else has them', () => {
    const id = licenseId('EE', 'acme.webex.com');
    expect(toLicense({ id, name: 'Webex Meetings Suite' })).toEqual({
      id,
      offer: 'EE',
      name: 'Webex Meetings Suite',
      site: 'acme.webex.com',
      subscriptionId: null,
      siteType: null,
      totalUnits: 0,
      consumedUnits: null,
    });
  });

  it.each([
    [{ totalUnits: 5, consumedUnits: 2 }, 5, 2],
    [{ totalUnits: 5, consumedUnits: null, consumedByUsers: 2, consumedByWorkspaces: 1 }, 5, 3],
    [{ totalUnits: 5, consumedByUsers: 2 }, 5, 2],
    [{ totalUnits: 5, consumedUnits: null, consumedByUsers: null }, 5, null],
    [{ consumedUnits: 2 }, 0, null],
  ])('R47 reads units as far as Webex shows them: %j', (units, totalUnits, consumedUnits) => {
    const id = licenseId('MS');
    expect(toLicense({ id, ...units })).toMatchObject({ name: 'MS', totalUnits, consumedUnits });
  });

  it('leaves out what names no offer', () => {
    expect(toLicense({ id: 'gibberish', name: 'x' })).toBeNull();
  });
});

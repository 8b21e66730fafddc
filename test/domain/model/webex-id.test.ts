import fc from 'fast-check';
import {
  offerOfLicenseId,
  orgUuidOf,
  siteOfLicenseId,
  toWebexId,
  uuidOf,
  type WebexIdKind,
} from '../../../src/domain/model/webex-id';

const orgUuid = 'b50318de-fa24-4700-8b6a-d6c30e7b9644';
const uuid = '9eca7814-3313-464f-9642-0239875bc9f8';
const idOf = (uri: string) => Buffer.from(uri).toString('base64url');
const licenseId = (tail: string) => idOf(`ciscospark://us/LICENSE/${orgUuid}:${tail}`);

describe('license ids', () => {
  it.each([
    [`FMS_${uuid}`, 'FMS', undefined],
    [`EE_${uuid}_acme.webex.com`, 'EE', 'acme.webex.com'],
    [`EE_${uuid}_ACME.webex.com`, 'EE', 'acme.webex.com'],
    [`EE_${uuid}_acme_emea.webex.com`, 'EE', 'acme_emea.webex.com'],
    [`CJPPRM_${uuid}`, 'CJPPRM', undefined],
  ])('%s reads as offer %s on site %s', (tail, offer, site) => {
    const id = licenseId(tail);
    expect(offerOfLicenseId(id)).toBe(offer);
    expect(siteOfLicenseId(id)).toBe(site);
    expect(uuidOf(id)).toBe(uuid);
    expect(orgUuidOf(id)).toBe(orgUuid);
  });

  it.each([
    ['', 'nothing'],
    ['FMS', 'an offer alone'],
    ['not base64 at all!', 'text'],
    [idOf(`ciscospark://us/PEOPLE/${uuid}`), 'a person'],
    [idOf(`ciscospark://us/LICENSE/${orgUuid}:FMS`), 'a license without UUID'],
    [idOf('ciscospark://us/LICENSE/é'), 'letters outside ASCII'],
  ])('%s is no license id (%s)', (id) => {
    expect(offerOfLicenseId(id)).toBeUndefined();
    expect(siteOfLicenseId(id)).toBeUndefined();
  });
});

describe('toWebexId', () => {
  const group = idOf(`ciscospark://us/SCIM_GROUP/${uuid}:${orgUuid}`);
  const person = idOf(`ciscospark://us/PEOPLE/${uuid}`);
  const padded = Buffer.from(`ciscospark://us/SCIM_GROUP/${uuid}:${orgUuid}`).toString('base64');
  const other = '11111111-2222-3333-4444-555555555555';

  it.each<[WebexIdKind, string, string | undefined, string]>([
    ['person', uuid, person, 'a raw UUID'],
    ['person', uuid.toUpperCase(), person, 'a raw UUID in capitals'],
    ['person', ` ${person} `, person, 'an id with blanks around it'],
    ['person', `${person}==`, person, 'an id with padding'],
    ['person', group, undefined, 'an id of another kind'],
    ['person', 'nobody@acme.example', undefined, 'an e-mail address'],
    ['group', uuid, group, 'a raw UUID, which gets the organization'],
    ['group', padded, group, 'padded base64'],
    ['group', idOf(`ciscospark://us/SCIM_GROUP/${uuid}`), group, 'an id without organization'],
    [
      'group',
      idOf(`ciscospark://us/SCIM_GROUP/${uuid}:${other}`),
      undefined,
      'another organization',
    ],
    ['organization', orgUuid, idOf(`ciscospark://us/ORGANIZATION/${orgUuid}`), 'a raw UUID'],
    ['location', uuid, idOf(`ciscospark://us/LOCATION/${uuid}`), 'a raw UUID'],
    ['license', licenseId(`FMS_${uuid}`), licenseId(`FMS_${uuid}`), 'a license id'],
    ['license', uuid, undefined, 'a UUID, which names no license'],
    ['license', idOf('ciscospark://us/LICENSE/x'), undefined, 'a malformed license id'],
  ])('makes a %s id from %s → %s (%s)', (kind, given, expected) => {
    expect(toWebexId(kind, given, orgUuid)).toBe(expected);
  });

  it('keeps the region of an id', () => {
    const european = idOf(`ciscospark://urn:TEAM:eu-central-1_k/PEOPLE/${uuid}`);
    expect(toWebexId('person', european, orgUuid)).toBe(european);
  });

  it('agrees with base64url of any UUID, and leads back to it', () => {
    fc.assert(
      fc.property(
        fc.uuid(),
        fc.constantFrom<WebexIdKind>('person', 'group', 'location'),
        (any, kind) => {
          const id = toWebexId(kind, any, orgUuid);
          expect(id).toMatch(/^[A-Za-z0-9_-]+$/);
          expect(Buffer.from(id ?? '', 'base64url').toString()).toContain(any);
          expect(uuidOf(id ?? '')).toBe(any);
          expect(toWebexId(kind, id ?? '', orgUuid)).toBe(id);
        },
      ),
    );
  });
});

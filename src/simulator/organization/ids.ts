/** Kinds of things that Webex ids name. */
export type IdKind =
  | 'PEOPLE'
  | 'LICENSE'
  | 'ORGANIZATION'
  | 'SCIM_GROUP'
  | 'LOCATION'
  | 'ROLE'
  | 'PLACE'
  | 'LICENSE_USER_PAGING'
  | 'PEOPLE_PAGING';

const uuidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** Unpadded base64url of `ciscospark://us/<kind>/<value>`. */
export function encodeId(kind: IdKind, value: string): string {
  return Buffer.from(`ciscospark://us/${kind}/${value}`).toString('base64url');
}

/** The value in an id of this kind; undefined if the id is malformed or of another kind. */
export function decodeId(kind: IdKind, id: string): string | undefined {
  const uri = Buffer.from(id, 'base64url').toString('utf8');
  const match = /^ciscospark:\/\/[a-z0-9-]+\/([A-Z_]+)\/(.+)$/.exec(uri);
  return match?.[1] === kind ? match[2] : undefined;
}

/** Like `decodeId`, but also accepts a raw UUID, as the real API does for people, groups and places. */
export function valueOfId(kind: IdKind, id: string): string | undefined {
  return isUuid(id) ? id.toLowerCase() : decodeId(kind, id);
}

/** The parts of a license id: `<orgUuid>:<OFFER>_<licenseUuid>[_<siteUrl>]`. */
export function readLicenseValue(
  value: string,
): { orgUuid: string; offer: string; uuid: string; site: string | null } | undefined {
  const match = /^([^:]+):([A-Za-z0-9-]+)_([0-9a-fA-F-]+)(?:_(.+))?$/.exec(value);
  if (!match) return undefined;
  const [, orgUuid = '', offer = '', uuid = '', site] = match;
  return { orgUuid, offer, uuid, site: site ?? null };
}

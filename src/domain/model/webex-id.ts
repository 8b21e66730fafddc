/**
 * Webex ids read and made: unpadded base64url of `ciscospark://<region>/<KIND>/<rest>`.
 * Not for workflow code, whose sandbox has no `Buffer`.
 */
import { at } from './at';

export type WebexIdKind = 'organization' | 'person' | 'group' | 'location' | 'license';

const kindSegments = {
  organization: 'ORGANIZATION',
  person: 'PEOPLE',
  group: 'SCIM_GROUP',
  location: 'LOCATION',
  license: 'LICENSE',
} as const satisfies Record<WebexIdKind, string>;

const base64Pattern = /^[\w+/-]*={0,2}$/;
const uuidText = '[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}';
const uuidPattern = new RegExp(`^${uuidText}$`, 'i');
const uuidsPattern = new RegExp(`(?:^|_)${uuidText}(?=[:_]|$)`, 'gi');
const uriPattern = /^ciscospark:\/\/[^/]+\/([A-Z_]+)\/(.+)$/;
const regionPattern = /^ciscospark:\/\/([^/]+)\//;
/** An id as Webex writes it, with its UUIDs in lower case. */
const usualPattern = new RegExp(
  `^ciscospark://([^/]+)/(?:PEOPLE/${uuidText}|SCIM_GROUP/${uuidText}:${uuidText}` +
    `|LICENSE/${uuidText}:[A-Z0-9]+_${uuidText}(?:_.+)?)$`,
);
const licensePattern = new RegExp(`^(${uuidText}):([A-Z0-9]+)_(${uuidText})(?:_(.+))?$`, 'i');
const groupPattern = new RegExp(`^(${uuidText})(?::(${uuidText}))?$`, 'i');

/** Whether a text is a UUID, in either case. */
export function isUuid(text: string): boolean {
  return uuidPattern.test(text);
}

/** Offer code of a license id (`FMS`, `EE` …); undefined where the id isn't a license's. */
export function offerOfLicenseId(id: string): string | undefined {
  return licenseParts(id)?.[2];
}

/** The meeting site in a license id, in lower case; undefined where it has none or is malformed. */
export function siteOfLicenseId(id: string): string | undefined {
  return licenseParts(id)?.[4]?.toLowerCase();
}

/** UUID of the organization that a license or group id carries. */
export function orgUuidOf(id: string): string | undefined {
  const license = licenseParts(id);
  if (license) return license[1]?.toLowerCase();
  const parts = uriParts(id);
  return parts?.kind === 'SCIM_GROUP'
    ? groupPattern.exec(parts.rest)?.[2]?.toLowerCase()
    : undefined;
}

/**
 * The UUID that names the thing itself, in lower case: of the person, group, location, organization
 * or license. A raw UUID is its own. Undefined where the id is malformed.
 */
export function uuidOf(id: string): string | undefined {
  if (uuidPattern.test(id)) return id.toLowerCase();
  const parts = uriParts(id);
  if (!parts) return undefined;
  if (parts.kind === 'LICENSE') return licensePattern.exec(parts.rest)?.[3]?.toLowerCase();
  return groupPattern.exec(parts.rest)?.[1]?.toLowerCase();
}

/** The UUID of an organization by any form of its id; what isn't a Webex id stands for itself. */
export function organizationUuid(orgId: string): string {
  return uuidOf(orgId) ?? orgId;
}

/**
 * The canonical id of a kind, from any form that people paste: raw UUID, base64 with or without
 * padding, base64url. Group ids carry `orgUuid`, and one of another organization is undefined, like
 * everything malformed or of another kind. A license can't be named by a UUID alone.
 */
export function toWebexId(
  kind: WebexIdKind,
  idOrUuid: string,
  orgUuid: string,
): string | undefined {
  const given = idOrUuid.trim();
  if (uuidPattern.test(given)) {
    if (kind === 'license') return undefined;
    const uuid = given.toLowerCase();
    const rest = kind === 'group' ? `${uuid}:${orgUuid.toLowerCase()}` : uuid;
    return encode(`ciscospark://us/${kindSegments[kind]}/${rest}`);
  }
  const parts = uriParts(given);
  if (parts?.kind !== kindSegments[kind]) return undefined;
  const rest = canonicalRest(kind, parts.rest, orgUuid.toLowerCase());
  return rest && encode(`${parts.uri.slice(0, -parts.rest.length)}${rest}`);
}

/** The region in an id: `us`, `eu`, `urn:TEAM:eu-central-1_k`. Undefined where the id has none. */
export function regionOf(id: string): string | undefined {
  const parts = uriParts(id);
  return parts && regionPattern.exec(parts.uri)?.[1];
}

/** The region of an id that is written as usual; undefined for every other form. */
export function regionOfUsual(id: string): string | undefined {
  return usualPattern.exec(decode(id) ?? '')?.[1];
}

/** The same id with another region; without a region, or where the id has none, unchanged. */
export function withRegion(id: string, region: string | undefined): string {
  const parts = uriParts(id);
  if (!parts || region === undefined) return id;
  return encode(parts.uri.replace(regionPattern, `ciscospark://${region}/`));
}

function canonicalRest(kind: WebexIdKind, rest: string, orgUuid: string): string | undefined {
  switch (kind) {
    case 'license':
      return licensePattern.test(rest) ? withLowerUuids(rest) : undefined;
    case 'group': {
      const match = groupPattern.exec(rest.toLowerCase());
      if (!match || (match[2] ?? orgUuid) !== orgUuid) return undefined;
      return `${at(match, 1)}:${orgUuid}`;
    }
    case 'organization':
    case 'person':
    case 'location':
      return uuidPattern.test(rest) ? rest.toLowerCase() : undefined;
  }
}

/** Offer and site stay as they are. */
function withLowerUuids(rest: string): string {
  return rest.replace(uuidsPattern, (uuid) => uuid.toLowerCase());
}

function licenseParts(id: string): RegExpExecArray | undefined {
  const parts = uriParts(id);
  if (parts?.kind !== 'LICENSE') return undefined;
  return licensePattern.exec(parts.rest) ?? undefined;
}

function uriParts(id: string): { uri: string; kind: string; rest: string } | undefined {
  const uri = decode(id);
  const match = uri === undefined ? null : uriPattern.exec(uri);
  if (uri === undefined || !match?.[1] || !match[2]) return undefined;
  return { uri, kind: match[1], rest: match[2] };
}

/** ASCII only: anything else is no Webex id. */
function decode(id: string): string | undefined {
  if (!base64Pattern.test(id)) return undefined;
  const bytes = Buffer.from(id, 'base64');
  return bytes.every((byte) => byte <= 0x7e) ? bytes.toString('latin1') : undefined;
}

function encode(text: string): string {
  return Buffer.from(text, 'latin1').toString('base64url');
}

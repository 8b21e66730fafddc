/** Addresses of this API, relative to its origin. */
export function organizationAddress(orgId: string): string {
  return `/v1/organizations/${orgId}`;
}

export function rolloutAddress(orgId: string, rolloutId: string): string {
  return `${organizationAddress(orgId)}/rollouts/${rolloutId}`;
}

export function templateAddress(orgId: string, groupId: string | null): string {
  const scope = groupId === null ? 'organization' : `groups/${encodeURIComponent(groupId)}`;
  return `${organizationAddress(orgId)}/templates/${scope}`;
}

export function userAddress(orgId: string, personId: string): string {
  return `${organizationAddress(orgId)}/users/${personId}`;
}

export function csvImportAddress(orgId: string, importId: string): string {
  return `${organizationAddress(orgId)}/csv-imports/${importId}`;
}

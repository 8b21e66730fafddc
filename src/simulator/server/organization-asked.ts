import { valueOfId } from '../organization/ids';
import type { Simulator } from '../state/simulator';
import { notFound } from './api-error';

/** Every operation accepts an `orgId`. Throws 404 if it names another organization. */
export function checkOrganizationAsked(simulator: Simulator, url: URL): void {
  const asked = url.searchParams.get('orgId');
  if (asked !== null && asked !== '') checkOrganizationId(simulator, asked);
}

/** The same for an id from a body. */
export function checkOrganizationId(simulator: Simulator, orgId: string): void {
  if (valueOfId('ORGANIZATION', orgId) !== simulator.organization.orgUuid) throw notFound();
}

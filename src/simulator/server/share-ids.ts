import type { Organization } from '../organization/organization';
import { isRecord } from './read-body';

/**
 * The same body, with license ids that share the catalog's strings: the log keeps every body, and two
 * hundred bytes per id add up over a hundred thousand writes.
 */
export function shareIds(organization: Organization, body: unknown): unknown {
  if (!isRecord(body) || !Array.isArray(body.licenses)) return body;
  const licenses = body.licenses.map((item: unknown) => {
    if (!isRecord(item) || typeof item.id !== 'string') return item;
    const known = organization.catalog.find(item.id)?.id;
    return known === item.id ? { ...item, id: known } : item;
  });
  return { ...body, licenses };
}

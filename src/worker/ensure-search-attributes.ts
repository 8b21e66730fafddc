import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import { searchAttributes } from '../contract/search-attributes';
import { ErrorForPeople } from '../error-for-people';

const { IndexedValueType } = temporal.api.enums.v1;

const wanted = searchAttributes.map(({ name, type }) => ({
  name,
  type: IndexedValueType[`INDEXED_VALUE_TYPE_${type}`],
}));

/**
 * Registers the missing search attributes in the namespace: a workflow that sets an unknown one would
 * get stuck. Throws `ErrorForPeople` if the namespace doesn't allow it or has one with another type.
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<void> {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  const missing = wanted.filter(({ name }) => !(name in customAttributes));
  const wrong = wanted.filter(
    ({ name, type }) => name in customAttributes && customAttributes[name] !== type,
  );
  if (wrong.length > 0) {
    throw new ErrorForPeople(
      `These search attributes of namespace ${namespace} have the wrong type. Needed: ${listOf(wrong)}.`,
    );
  }
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, type])),
    });
  } catch (error) {
    // Another worker registered them in the meantime.
    if (/already exist/i.test(String(error))) return;
    throw new ErrorForPeople(
      `Register these search attributes in namespace ${namespace}: ${listOf(missing)}.`,
      { cause: error },
    );
  }
}

function listOf(attributes: typeof wanted): string {
  return attributes.map(({ name, type }) => `${name} (${IndexedValueType[type]})`).join(', ');
}

import type { Connection } from '@temporalio/client';
import { temporal } from '@temporalio/proto';
import {
  failedAttribute,
  orgAttribute,
  phaseAttribute,
  templateAttribute,
  totalAttribute,
} from '../contract/search-attributes';

const { IndexedValueType } = temporal.api.enums.v1;

const wanted = {
  [orgAttribute.name]: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  [phaseAttribute.name]: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  [templateAttribute.name]: IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD,
  [totalAttribute.name]: IndexedValueType.INDEXED_VALUE_TYPE_INT,
  [failedAttribute.name]: IndexedValueType.INDEXED_VALUE_TYPE_INT,
};

/**
 * Registers our search attributes where they are missing: a workflow that upserts an unknown one
 * would be stuck. Throws with what to do where the namespace doesn't let us.
 */
export async function ensureSearchAttributes(
  connection: Connection,
  namespace: string,
): Promise<void> {
  const known = await connection.operatorService.listSearchAttributes({ namespace });
  const present = known.customAttributes;
  const missing = Object.entries(wanted).filter(([name]) => !(name in present));
  const wrong = Object.entries(wanted).filter(
    ([name, type]) => name in present && present[name] !== type,
  );
  if (wrong.length > 0) {
    const names = wrong.map(([name]) => name).join(', ');
    throw new Error(`Search attributes of Temporal have another type than needed: ${names}`);
  }
  if (missing.length === 0) return;
  try {
    await connection.operatorService.addSearchAttributes({
      namespace,
      searchAttributes: Object.fromEntries(missing),
    });
  } catch (error) {
    if (/already exist/i.test(String(error))) return;
    const list = missing.map(([name, type]) => `${name} (${IndexedValueType[type]})`).join(', ');
    throw new Error(`Register these search attributes in namespace ${namespace}: ${list}`, {
      cause: error,
    });
  }
}

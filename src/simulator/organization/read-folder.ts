import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { ErrorForPeople } from '../../error-for-people';

export type JsonObject = Record<string, unknown>;

/** The JSON bodies of a folder, as the real API returned them. */
export interface OrganizationFolder {
  licenses: JsonObject[];
  people: JsonObject[];
  groups: JsonObject[];
  locations: JsonObject[];
}

/** The names of the files; the first two are required. */
export const folderFiles = [
  'licenses.json',
  'people.json',
  'groups.json',
  'locations.json',
] as const;

/** Reads the files; throws `ErrorForPeople` where one is missing or isn't what it should be. */
export function readFolder(folder: string): OrganizationFolder {
  if (!existsSync(folder) || !statSync(folder).isDirectory()) {
    throw new ErrorForPeople(`${folder} is not a folder.`);
  }
  const [licenses, people, groups, locations] = folderFiles;
  return {
    licenses: readList(join(folder, licenses), ['items']),
    people: readList(join(folder, people), ['items']),
    groups: readOptional(join(folder, groups), ['groups', 'items']),
    locations: readOptional(join(folder, locations), ['items', 'locations']),
  };
}

function readOptional(file: string, keys: readonly string[]): JsonObject[] {
  return existsSync(file) ? readList(file, keys) : [];
}

function readJson(file: string): unknown {
  if (!existsSync(file)) throw new ErrorForPeople(`${file} is missing.`);
  try {
    return JSON.parse(readFileSync(file, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : 'unknown';
    throw new ErrorForPeople(`${file} is not valid JSON: ${why ?? ''}.`);
  }
}

function readList(file: string, keys: readonly string[]): JsonObject[] {
  const body = readJson(file);
  const list = Array.isArray(body) ? (body as unknown[]) : listIn(body, keys);
  if (!list) throw new ErrorForPeople(`${file} holds no list under ${keys.join(' or ')}.`);
  const items = new Map<string, JsonObject>();
  for (const [at, item] of list.entries()) {
    if (!isObject(item) || typeof item.id !== 'string' || item.id === '') {
      throw new ErrorForPeople(`${file}: entry ${at + 1} has no id.`);
    }
    const known = items.get(item.id);
    // Pages overlap if entries were added while they were read: an equal entry is no contradiction.
    if (known && JSON.stringify(known) !== JSON.stringify(item)) {
      throw new ErrorForPeople(`${file}: entry ${at + 1} has an id seen before.`);
    }
    items.set(item.id, item);
  }
  return [...items.values()];
}

function listIn(body: unknown, keys: readonly string[]): unknown[] | undefined {
  if (!isObject(body)) return undefined;
  const lists = keys.map((key) => body[key]);
  return lists.find((list) => Array.isArray(list));
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

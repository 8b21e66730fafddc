import { badRequest } from '../server/api-error';

/** Returns the values of an attribute path of one resource. */
export type Lookup = (path: string) => readonly unknown[];

interface Clause {
  path: string;
  operator: string;
  value: string;
}

const clausePattern =
  /^([\w:.$-]+)\s+(?:(pr)|(eq|ne|sw|ew|co|gt|ge|lt|le)\s+("(?:[^"\\]|\\.)*"|\S+))$/i;

/**
 * A SCIM filter as a test of a resource: clauses joined with `and` and `or`, without parentheses.
 * Throws 400 for anything else.
 */
export function readScimFilter(filter: string | null): (lookup: Lookup) => boolean {
  if (filter === null || filter.trim() === '') return () => true;
  const alternatives = splitOutsideQuotes(filter, 'or').map((part) =>
    splitOutsideQuotes(part, 'and').map(readClause),
  );
  return (lookup) => alternatives.some((all) => all.every((clause) => matches(clause, lookup)));
}

function readClause(text: string): Clause {
  const match = clausePattern.exec(text.trim());
  if (!match) throw badRequest('The filter is not supported.');
  const [, path = '', present, operator = '', value = ''] = match;
  if (present !== undefined) return { path, operator: 'pr', value: '' };
  const bare = value.startsWith('"') ? value.slice(1, -1).replaceAll(/\\(.)/g, '$1') : value;
  return { path, operator: operator.toLowerCase(), value: bare.toLowerCase() };
}

function matches({ path, operator, value }: Clause, lookup: Lookup): boolean {
  const found = lookup(path).flatMap((one) =>
    typeof one === 'string' || typeof one === 'boolean' ? [String(one).toLowerCase()] : [],
  );
  const isDate = path.toLowerCase().startsWith('meta.');
  const order = (one: string): number =>
    isDate ? Date.parse(one) - Date.parse(value) : one < value ? -1 : one > value ? 1 : 0;
  switch (operator) {
    case 'pr':
      return found.length > 0;
    case 'eq':
      return found.some((one) => order(one) === 0);
    case 'ne':
      return found.every((one) => order(one) !== 0);
    case 'sw':
      return found.some((one) => one.startsWith(value));
    case 'ew':
      return found.some((one) => one.endsWith(value));
    case 'co':
      return found.some((one) => one.includes(value));
    case 'gt':
      return found.some((one) => order(one) > 0);
    case 'ge':
      return found.some((one) => order(one) >= 0);
    case 'lt':
      return found.some((one) => order(one) < 0);
    default:
      return found.some((one) => order(one) <= 0);
  }
}

function splitOutsideQuotes(text: string, word: 'and' | 'or'): string[] {
  return text.split(new RegExp(`\\s+${word}\\s+(?=(?:[^"]*"[^"]*")*[^"]*$)`, 'i'));
}

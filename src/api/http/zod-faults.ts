import type { z } from 'zod';
import { faultsListed } from '../../domain/model/text/faults-listed';
import { quoted } from '../../domain/model/text/wording';
import type { Fault } from './problem';

type Issue = z.core.$ZodIssue;

type Where = 'body' | 'query' | 'header';

/** The faults that zod found, one entry each, with a pointer into the body or a parameter's name. */
export function zodFaults(error: z.ZodError, input: unknown, where: Where): Fault[] {
  const faults: Fault[] = [];
  for (const issue of error.issues) {
    if (faults.length >= faultsListed) break;
    faults.push(...issueFaults(issue, { parent: [], input, where }).slice(0, faultsListed));
  }
  return faults.slice(0, faultsListed);
}

/** How many faults zod found, also those that aren't listed. */
export function countZodFaults({ issues }: z.ZodError): number {
  return issues.reduce(
    (total, issue) => total + (issue.code === 'unrecognized_keys' ? issue.keys.length : 1),
    0,
  );
}

/** The code of a fault, for issues that are one fault at one place. */
const plainCodes: Readonly<
  Record<Exclude<Issue['code'], 'unrecognized_keys' | 'invalid_union' | 'invalid_type'>, string>
> = {
  too_small: 'out-of-range',
  too_big: 'out-of-range',
  not_multiple_of: 'out-of-range',
  invalid_format: 'invalid-format',
  invalid_value: 'invalid-value',
  invalid_key: 'invalid-value',
  invalid_element: 'invalid-value',
  custom: 'invalid-value',
};

function issueFaults(
  issue: Issue,
  given: { parent: PropertyKey[]; input: unknown; where: Where },
): Fault[] {
  const { parent, input, where } = given;
  const path = [...parent, ...issue.path];
  const place = placeOf(path, where);
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.slice(0, faultsListed).map((key) => ({
      ...placeOf([...path, key], where),
      code: 'unknown-field',
      detail: `${quoted(key)} is not a known ${where === 'body' ? 'field' : 'parameter'}.`,
    }));
  }
  if (issue.code === 'invalid_union') {
    const branch = closestBranch(issue.errors);
    const listed = branch?.slice(0, faultsListed);
    if (listed) return listed.flatMap((inner) => issueFaults(inner, { ...given, parent: path }));
    return [{ ...place, code: 'invalid-value', detail: issue.message }];
  }
  if (issue.code === 'invalid_type') {
    return valueAt(input, path) === undefined
      ? [{ ...place, code: 'required', detail: 'This field is required.' }]
      : [{ ...place, code: 'wrong-type', detail: issue.message }];
  }
  return [{ ...place, code: plainCodes[issue.code], detail: limitSentence(issue) }];
}

/** What a limit asks for, in words; other messages of zod are sentences already. */
function limitSentence(issue: Issue): string {
  if (issue.code === 'too_small') {
    const { minimum, inclusive = true, origin } = issue;
    return `This must ${limitOf(origin, `${inclusive ? 'at least' : 'more than'} ${minimum}`, Number(minimum))}.`;
  }
  if (issue.code === 'too_big') {
    const { maximum, inclusive = true, origin } = issue;
    return `This must ${limitOf(origin, `${inclusive ? 'at most' : 'less than'} ${maximum}`, Number(maximum))}.`;
  }
  return issue.message;
}

/** `be at least 1`, `have at most 3 items`, `have at least 1 character`. */
function limitOf(origin: string, limit: string, n: number): string {
  const units: Readonly<Record<string, string>> = { string: 'character', array: 'item' };
  const unit = units[origin];
  if (unit === undefined) return `be ${limit}`;
  return `have ${limit} ${unit}${n === 1 ? '' : 's'}`;
}

function placeOf(path: PropertyKey[], where: Where): Pick<Fault, 'pointer' | 'parameter'> {
  return where === 'body' ? { pointer: pointerOf(path) } : { parameter: String(path[0] ?? '') };
}

/** Of the shapes that a value can have, the closest one: deepest first, then with the fewest faults. */
function closestBranch(branches: Issue[][]): Issue[] | undefined {
  const depth = (issues: Issue[]) =>
    issues.reduce((most, { path }) => Math.max(most, path.length), 0);
  const wrongKind = (issues: Issue[]) =>
    issues.some((issue) => issue.code === 'invalid_type' && issue.path.length === 0) ? 1 : 0;
  return [...branches]
    .filter((issues) => issues.length > 0)
    .sort((a, b) => wrongKind(a) - wrongKind(b) || depth(b) - depth(a) || a.length - b.length)[0];
}

function valueAt(input: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null
        ? (value as Record<PropertyKey, unknown>)[key]
        : undefined,
    input,
  );
}

/** No known field has a longer name: what a caller invents isn't repeated whole. */
const mostKeyChars = 200;

/** RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  const steps = path.map((key) => String(key).slice(0, mostKeyChars));
  return steps.map((step) => `/${step.replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

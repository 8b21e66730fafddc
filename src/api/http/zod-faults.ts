import type { z } from 'zod';
import type { Fault } from './problem';

type Issue = z.core.$ZodIssue;

/** Every fault that zod found, one entry each, with a pointer into the body or a parameter's name. */
export function zodFaults(
  error: z.ZodError,
  input: unknown,
  where: 'body' | 'query' | 'header',
): Fault[] {
  return error.issues.flatMap((issue) => faultsOfIssue(issue, [], input, where));
}

function faultsOfIssue(
  issue: Issue,
  parent: PropertyKey[],
  input: unknown,
  where: 'body' | 'query' | 'header',
): Fault[] {
  const path = [...parent, ...issue.path];
  const at = (to: PropertyKey[]): Pick<Fault, 'pointer' | 'parameter'> =>
    where === 'body' ? { pointer: pointerOf(to) } : { parameter: String(to[0] ?? '') };
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        ...at([...path, key]),
        code: 'unknown-field',
        detail: `"${key}" is not known here.`,
      }));
    case 'invalid_union': {
      const branch = closestBranch(issue.errors);
      if (branch) return branch.flatMap((inner) => faultsOfIssue(inner, path, input, where));
      return [{ ...at(path), code: 'invalid-value', detail: issue.message }];
    }
    case 'invalid_type':
      return valueAt(input, path) === undefined
        ? [{ ...at(path), code: 'required', detail: 'This is required.' }]
        : [{ ...at(path), code: 'wrong-type', detail: issue.message }];
    case 'too_small':
    case 'too_big':
    case 'not_multiple_of':
      return [{ ...at(path), code: 'out-of-range', detail: issue.message }];
    case 'invalid_format':
      return [{ ...at(path), code: 'invalid-format', detail: issue.message }];
    case 'invalid_value':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return [{ ...at(path), code: 'invalid-value', detail: issue.message }];
  }
}

/** Of the shapes a value may have, the one it came closest to: deepest first, then fewest faults. */
function closestBranch(branches: Issue[][]): Issue[] | undefined {
  const depth = (issues: Issue[]) => Math.max(0, ...issues.map((issue) => issue.path.length));
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

/** RFC 6901. */
export function pointerOf(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

const mostResults = 5_000;

/** The same function, computed once per key. It forgets everything when it has kept 5,000 results. */
export function memoized<Input, Result extends object>(
  keyOf: (input: Input) => string,
  compute: (input: Input) => Result,
): (input: Input) => Result {
  const results = new Map<string, Result>();
  return (input) => {
    const key = keyOf(input);
    const known = results.get(key);
    if (known !== undefined) return known;
    const result = compute(input);
    if (results.size >= mostResults) results.clear();
    results.set(key, result);
    return result;
  };
}

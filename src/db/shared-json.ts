/**
 * Reads JSON texts of which many are the same: equal texts are one object, so that whoever makes something
 * of it makes it once. It keeps so many at most, and then begins again.
 */
export function sharedJson<T>(
  mostKept = 2_000,
  read: (text: string) => T = (text) => JSON.parse(text) as T,
): (text: string) => T {
  const known = new Map<string, { value: T }>();
  return (text) => {
    const found = known.get(text);
    if (found) return found.value;
    if (known.size >= mostKept) known.clear();
    const value = read(text);
    known.set(text, { value });
    return value;
  };
}

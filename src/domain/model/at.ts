/**
 * The element that must be there. `noUncheckedIndexedAccess` makes every access doubtful; a default
 * such as `?? 0` would turn a mistake into a valid index, so a mistake is thrown instead.
 */
export function at<T>(list: ArrayLike<T>, index: number, what = 'element'): T {
  const found = list[index];
  if (found === undefined) throw new Error(`There is no ${what} ${index}`);
  return found;
}

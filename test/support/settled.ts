/** The result of `work`, while the fake time of the test passes. */
export async function settled<T>(work: Promise<T>): Promise<T> {
  const ends: string[] = [];
  const end = () => ends.push('ended');
  work.then(end, end);
  while (ends.length === 0) await jest.advanceTimersByTimeAsync(50);
  return work;
}

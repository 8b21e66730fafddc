/** Figures of lists of measurements, and numbers as the table prints them. */

export const mebibyte = 1_024 * 1_024;

/** The smallest value that at least this share of all values doesn't exceed (nearest rank). */
export function percentile(values: readonly number[], share: number): number {
  if (values.length === 0) throw new Error('There is no value, so there is no percentile.');
  const sorted = [...values].sort((a, b) => a - b);
  const rank = Math.max(1, Math.ceil(share * sorted.length));
  return sorted[Math.min(rank, sorted.length) - 1] ?? Number.NaN;
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) {
    throw new Error('There is no value, so there is no median.');
  }
  return (upper + lower) / 2;
}

/** A number with this many digits after the point and with commas at thousands. */
export function digits(value: number, places: number): string {
  return value.toLocaleString('en-US', {
    minimumFractionDigits: places,
    maximumFractionDigits: places,
  });
}

export function percent(share: number, places = 1): string {
  return `${digits(share * 100, places)} %`;
}

/** Whole mebibytes. */
export function mebibytes(bytes: number): string {
  return `${digits(bytes / mebibyte, 0)} MiB`;
}

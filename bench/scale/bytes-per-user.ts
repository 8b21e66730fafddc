import { digits } from '../numbers';
import type { TableSize } from '../world/table-sizes';

/** Next to the same rows with all ids written out. */
export function bytesPerUser(bytes: number, asText: number, goal: number) {
  return {
    measured: digits(bytes, 0),
    peer: `ids written out: ${digits(asText, 0)}`,
    ratio: digits(bytes / asText, 2),
    isMet: bytes <= goal,
  };
}

export function megabytes(bytes: number): string {
  return `${digits(bytes / 1e6, 1)} MB`;
}

export function sizesInWords(sizes: readonly TableSize[]): string {
  return sizes
    .map(({ table, bytes, indexBytes }) => {
      return `${table} ${megabytes(bytes)}, of which indexes ${megabytes(indexBytes)}`;
    })
    .join('; ');
}

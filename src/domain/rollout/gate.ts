import type { OutcomeCounts } from '../model/outcome';

/**
 * Whether an automatic gate opens: fewer users failed than the failure guard allows. Partial writes
 * and users not seen at the deadline count as failures here, although they don't trip the guard.
 * Returns null to go on, or one line that says why a person must decide.
 */
export function gateObjection(counts: OutcomeCounts, failurePercent: number): string | null {
  const bad = (counts.failed ?? 0) + (counts.partial ?? 0) + (counts.unconverged ?? 0);
  const written = bad + (counts.applied ?? 0) + (counts.converged ?? 0);
  if (bad === 0 || (bad / written) * 100 < failurePercent) return null;
  return `${bad} of ${written} written users failed, were changed only in part or were not seen in time`;
}

/** What SCIM shows about a group; null if it doesn't, or may not be read. */
export interface GroupOrigin {
  /** The system that made it: `AD`, `AAD`, `API` … */
  source: string | null;
  /** What it is for: `policy`, `location` … (R13). */
  usage: string | null;
}

/** Directories whose groups may be distribution groups, as SCIM names them. */
const directories: readonly string[] = ['AD', 'AAD'];

/**
 * Whether a group is a distribution group of Active Directory, which can't hold a template (R12).
 * SCIM names the origin (`provisionSource`), but no field separates distribution from security
 * groups. The closest is `usage`, which is free text:
 *
 * | `usage` | `provisionSource` | |
 * |---|---|---|
 * | contains "distribution" | any | yes |
 * | anything else | `AD`, `AAD` | unknown |
 * | anything else | not known | unknown |
 * | anything else | any other | no |
 */
export function isDistributionGroup({ source, usage }: GroupOrigin): 'yes' | 'no' | 'unknown' {
  if (usage !== null && /distribution/i.test(usage)) return 'yes';
  if (source === null) return 'unknown';
  return directories.includes(source.toUpperCase()) ? 'unknown' : 'no';
}

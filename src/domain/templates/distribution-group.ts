/** What SCIM says of a group; null where it doesn't say or may not be read. */
export interface GroupOrigin {
  source: string | null;
  usage: string | null;
}

/** Directories whose groups may be distribution groups, as SCIM names them. */
const directories: readonly string[] = ['AD', 'AAD'];

/**
 * Whether a group is a distribution group of Active Directory, which can't hold a template (R12).
 * SCIM names the origin (`provisionSource`), and has no field that tells distribution from security
 * groups; what it may show is the use (`usage`), which is free text:
 *
 * | `usage` | `provisionSource` | |
 * |---|---|---|
 * | has the word distribution | any | yes |
 * | anything else | `AD`, `AAD` | unknown |
 * | anything else | not known | unknown |
 * | anything else | any other | no |
 */
export function isDistributionGroup({ source, usage }: GroupOrigin): 'yes' | 'no' | 'unknown' {
  if (usage !== null && /distribution/i.test(usage)) return 'yes';
  if (source === null) return 'unknown';
  return directories.includes(source.toUpperCase()) ? 'unknown' : 'no';
}

/**
 * What the bench's template grants: about one user in seventeen holds CF already, and the generated
 * organization has a unit of it for everybody.
 */
export const grant: readonly string[] = ['FMS', 'FTM', 'CF'];

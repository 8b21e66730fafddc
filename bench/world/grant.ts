/**
 * What the template of the bench grants. About one user in seventeen already holds CF, and the generated
 * organization has units of it for all users.
 */
export const grant: readonly string[] = ['FMS', 'FTM', 'CF'];

/** In rising order: each role may do what the roles before it may. */
export const roles = ['viewer', 'operator', 'approver', 'admin'] as const;
export type Role = (typeof roles)[number];

export function includesRole(held: Role, needed: Role): boolean {
  return roles.indexOf(held) >= roles.indexOf(needed);
}

/** Who calls the API. */
export interface Caller {
  name: string;
  role: Role;
}

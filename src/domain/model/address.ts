/**
 * An e-mail address as it is compared and looked up: `ÄNNE@acme.com` is `änne@acme.com`, in one form of
 * Unicode. Ours and not the database's: what `lower()` does depends on the collation there.
 */
export function normalizedAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}

/**
 * Finds users by any of their addresses, in any case. An address that one user has as the first one
 * and another as a further one belongs to the first.
 */
export function usersByAddress<U extends { email: string; addresses: readonly string[] }>(
  users: readonly U[],
): (address: string) => U | undefined {
  const found = new Map<string, U>();
  for (const user of users) for (const address of user.addresses) found.set(address, user);
  for (const user of users) found.set(normalizedAddress(user.email), user);
  return (address) => found.get(normalizedAddress(address));
}

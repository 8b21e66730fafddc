/**
 * An e-mail address as it is compared and looked up: `ÄNNE@acme.com` is `änne@acme.com`, in one form of
 * Unicode. Ours and not the database's: what `lower()` does depends on the collation there.
 */
export function normalizedAddress(address: string): string {
  return address.trim().normalize('NFC').toLowerCase();
}

/** A character that nobody sees, such as a zero-width blank: its code, and where it stands. */
export function hiddenCharacterIn(text: string): { code: string; after: string } | null {
  const found = /[\p{Cf}\p{Cc}]/u.exec(text);
  if (!found) return null;
  const [character] = found;
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0');
  return { code: `U+${code}`, after: text.slice(0, found.index) };
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

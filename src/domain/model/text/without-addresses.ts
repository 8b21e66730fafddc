/** What people would read as an e-mail address. */
const address = /[^\s"'`<>(),;:=[\]{}|*]+@[^\s"'`<>(),;:=[\]{}|*]+/gu;

/** A text without e-mail addresses, for places that name users by their id. */
export function withoutAddresses(text: string): string {
  return text.replace(address, '[address]');
}

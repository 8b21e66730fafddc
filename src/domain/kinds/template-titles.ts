import type { Terms } from './change-kind';

/** `Template "Sales" r3, existing users, keeps all other licenses`. */
export function titleOfTemplate(
  subject: string,
  { existingUsers, preserveLicenses }: Terms,
): string {
  if (!existingUsers) return `${subject}, future users only`;
  const others = preserveLicenses ? 'keeps all other licenses' : 'removes all other licenses';
  return `${subject}, existing users, ${others}`;
}

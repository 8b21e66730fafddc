/**
 * Something that the person at the keyboard can fix: a wrong variable, flag, file or folder, or a
 * program that this machine lacks. The process prints the message without a stack and exits with 1.
 */
export class ErrorForPeople extends Error {
  override readonly name = 'ErrorForPeople';
}

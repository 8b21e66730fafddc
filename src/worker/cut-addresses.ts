import { ApplicationFailure } from '@temporalio/common';

/** What people would read as an e-mail address. */
const address = /[^\s"'<>(),;:=[\]{}]+@[^\s"'<>(),;:=[\]{}]+/gu;
const mark = '[address]';

/** The error without e-mail addresses, causes and details included. Other values stay as they are. */
export function cutAddresses(error: unknown): unknown {
  for (let each: unknown = error; each instanceof Error; each = each.cause) {
    each.message = cut(each.message);
    if (each.stack !== undefined) each.stack = cut(each.stack);
    if (each instanceof ApplicationFailure && each.details) {
      const cutDetails = JSON.parse(cut(JSON.stringify(each.details))) as unknown[];
      each.details.splice(0, each.details.length, ...cutDetails);
    }
  }
  return error;
}

function cut(text: string): string {
  return text.replace(address, mark);
}

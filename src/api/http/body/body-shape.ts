import { digits } from '../../../domain/model/text/wording';
import type { Fault } from '../problem';

/** More values than the largest valid body has; each could become a fault of its own. */
const mostValues = 100_000;
/** More fields than the largest valid body has. Each new name of a field costs as much as 100 values. */
const mostFields = 10_000;
/** Deeper than any valid body. */
const deepest = 64;

const quote = 0x22;
const backslash = 0x5c;
const comma = 0x2c;
const colon = 0x3a;
const openingBracket = 0x5b;
const closingBracket = 0x5d;
const openingBrace = 0x7b;
const closingBrace = 0x7d;

/**
 * A fault where a body of JSON has more values or fields, or values deeper inside values, than any
 * valid one: parsing it would keep everybody else waiting. Looks only at the bytes that separate values.
 */
export function shapeFault(json: Buffer): Fault | null {
  const shape = { values: 1, fields: 0, depth: 0 };
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at] ?? 0;
    if (byte === quote) at = endOfText(json, at);
    else if (isSeparator(byte)) {
      count(shape, byte);
      const limit = exceeded(shape);
      if (limit) return { pointer: '', code: 'out-of-range', detail: limit };
    }
  }
  return null;
}

interface Shape {
  values: number;
  fields: number;
  depth: number;
}

function isSeparator(byte: number): boolean {
  if (byte === comma || byte === colon) return true;
  if (byte === openingBracket || byte === closingBracket) return true;
  return byte === openingBrace || byte === closingBrace;
}

function count(shape: Shape, separator: number): void {
  if (separator === colon) shape.fields += 1;
  else if (separator === closingBracket || separator === closingBrace) shape.depth -= 1;
  else {
    shape.values += 1;
    if (separator !== comma) shape.depth += 1;
  }
}

/** Where a text ends that begins here: at its closing quote. */
function endOfText(json: Buffer, from: number): number {
  let at = from + 1;
  while (at < json.length && json[at] !== quote) at += json[at] === backslash ? 2 : 1;
  return at;
}

function exceeded(shape: Shape): string | null {
  if (shape.values > mostValues) return `A body can have at most ${digits(mostValues)} values.`;
  if (shape.fields > mostFields) return `A body can have at most ${digits(mostFields)} fields.`;
  if (shape.depth <= deepest) return null;
  return `Values can be at most ${deepest} levels inside each other.`;
}

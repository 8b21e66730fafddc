import { TextDecoder } from 'node:util';

/** What the bytes of a file are instead of UTF-8, as far as that can be told. */
export class NotUtf8Error extends Error {
  override readonly name = 'NotUtf8';
  constructor(
    /** The text of the same piece that was still valid. */
    readonly before: string,
    message: string,
  ) {
    super(message);
  }
}

const advice = 'save the file as "CSV UTF-8"';
/** As many bytes as tell UTF-16 without a mark: ASCII has a zero in every other byte there. */
const mostSampledBytes = 64;

/**
 * Text of the bytes of a file, whole characters only: UTF-8, or UTF-16 if a byte-order mark says so.
 * Throws `NotUtf8`.
 */
export async function* readText(bytes: AsyncIterable<Buffer>): AsyncGenerator<string> {
  let decode: Decode | null = null;
  let first: Buffer = Buffer.alloc(0);
  for await (const chunk of bytes) {
    if (decode !== null) {
      yield decode(chunk, { stream: true });
      continue;
    }
    // The byte-order mark decides, and may come in pieces.
    first = Buffer.concat([first, chunk]);
    if (first.length < mostSampledBytes) continue;
    decode = decoderFor(first);
    yield decode(first, { stream: true });
  }
  if (decode) yield decode(Buffer.alloc(0), {});
  else yield decoderFor(first)(first, {});
}

type Encoding = 'utf-16le' | 'utf-16be' | 'utf-8';
type Decode = (chunk: Buffer, options: { stream?: boolean }) => string;

/** By the byte-order mark; without one it is UTF-8. */
function encodingOf(first: Buffer): Encoding {
  if (first[0] === 0xff && first[1] === 0xfe) return 'utf-16le';
  return first[0] === 0xfe && first[1] === 0xff ? 'utf-16be' : 'utf-8';
}

function decoderFor(first: Buffer): Decode {
  const encoding = encodingOf(first);
  if (encoding === 'utf-8' && looksLikeUtf16(first)) {
    throw new NotUtf8Error('', `The file is UTF-16 without a byte-order mark: ${advice}.`);
  }
  const decoder = new TextDecoder(encoding, { fatal: true });
  return (chunk, options) => {
    try {
      return decoder.decode(chunk, options);
    } catch {
      const lossy = new TextDecoder(encoding).decode(chunk);
      const name = encoding === 'utf-8' ? 'UTF-8' : 'UTF-16, as the file says';
      throw new NotUtf8Error(
        lossy.slice(0, Math.max(0, lossy.indexOf('\ufffd'))),
        `The bytes are not ${name}: ${advice}.`,
      );
    }
  };
}

function looksLikeUtf16(first: Buffer): boolean {
  const sample = first.subarray(0, mostSampledBytes);
  const zeros = sample.filter((byte) => byte === 0).length;
  return zeros > sample.length / 4;
}

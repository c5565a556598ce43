/**
 * Bodies out of their content coding and into it again, so that a fault can change what is said and not only bytes. What cannot be decoded, or would
 * grow beyond the bound (a bomb of a few kilobytes can become gigabytes), is undefined: then the body is to pass as it came.
 */
import { brotliCompressSync, brotliDecompressSync, constants, deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';

interface Coding {
  decode(body: Buffer, bytesMax: number): Buffer;
  encode(body: Buffer): Buffer;
}

const IDENTITY: Coding = { decode: (body) => body, encode: (body) => body };
const GZIP: Coding = { decode: (body, maxOutputLength) => gunzipSync(body, { maxOutputLength }), encode: (body) => gzipSync(body) };
const DEFLATE: Coding = { decode: (body, maxOutputLength) => inflateSync(body, { maxOutputLength }), encode: (body) => deflateSync(body) };
/** The default quality takes a second for a megabyte, on the thread that carries everybody's traffic. */
const BROTLI_PARAMS = { params: { [constants.BROTLI_PARAM_QUALITY]: 4 } };
const BROTLI: Coding = {
  decode: (body, maxOutputLength) => brotliDecompressSync(body, { maxOutputLength }),
  encode: (body) => brotliCompressSync(body, BROTLI_PARAMS),
};

const CODINGS: ReadonlyMap<string, Coding> = new Map([
  ['', IDENTITY],
  ['identity', IDENTITY],
  ['gzip', GZIP],
  ['x-gzip', GZIP],
  ['deflate', DEFLATE],
  ['br', BROTLI],
]);

/**
 * Changes what a body says: out of its coding, through `rewrite`, and into the same coding. `coding` is the value of Content-Encoding. Undefined:
 * it is in a coding that we do not know or in several, is not what it says, is larger than `bytesMax` when decoded, or `rewrite` cannot read it. One that `rewrite` gives back stays as it is.
 */
export function rewriteDecoded(
  body: Buffer,
  { coding: name, bytesMax }: { coding: string | undefined; bytesMax: number },
  rewrite: (decoded: Buffer) => Buffer | undefined,
): Buffer | undefined {
  const coding = CODINGS.get((name ?? '').trim().toLowerCase());
  if (coding === undefined) return undefined;
  const decoded = decode(coding, body, bytesMax);
  const rewritten = decoded && rewrite(decoded);
  if (rewritten === undefined) return undefined;
  return rewritten === decoded ? body : coding.encode(rewritten);
}

function decode(coding: Coding, body: Buffer, bytesMax: number): Buffer | undefined {
  try {
    return coding.decode(body, bytesMax);
  } catch {
    // Not in that coding, cut short, or a bomb: none of it is ours to mend.
    return undefined;
  }
}

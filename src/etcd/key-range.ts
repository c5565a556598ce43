/** Keys as etcd wants them: base64, and a prefix as the range from it to the first key behind all that begin with it. */

export interface KeyRange {
  key: string;
  /** Everything that begins with it, instead of it alone. */
  isPrefix?: boolean | undefined;
}

export function toBase64(text: string): string {
  return Buffer.from(text).toString('base64');
}

export function fromBase64(text: string): string {
  return Buffer.from(text, 'base64').toString();
}

/** `key` and `range_end` of a request. */
export function encodeRange({ key, isPrefix }: KeyRange): { key: string; range_end?: string } {
  return { key: toBase64(key), ...(isPrefix && { range_end: prefixEnd(key).toString('base64') }) };
}

/** The prefix with its last byte raised by one; bytes that cannot be raised are left out. A single zero byte means: to the very end. */
function prefixEnd(prefix: string): Buffer {
  const bytes = Buffer.from(prefix);
  for (let i = bytes.length - 1; i >= 0; i--) {
    const byte = bytes[i] ?? 0;
    if (byte < 0xff) return Buffer.concat([bytes.subarray(0, i), Buffer.from([byte + 1])]);
  }
  return Buffer.from([0]);
}

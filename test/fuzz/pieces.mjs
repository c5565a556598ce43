/**
 * Pieces of messages for the fuzzers, mostly right and sometimes wrong: what is wrong in one place is refused there, and only what looks right
 * can be framed in two ways.
 */
import fc from 'fast-check';

export const HEAD_BYTES_MAX = 8 * 1024;

export const pick = (...values) => fc.constantFrom(...values);
/** Mostly the first value, so that whole messages come about; sometimes one of the odd ones. */
export const mostly = (usual, ...odd) =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: fc.constantFrom(...odd) });

export const eol = mostly('\r\n', '\n', '\r', '\n\r', '\r\r\n', '\r\n\r\n', '\r\n ');
export const colon = mostly(': ', ':', ' : ', ':\t', '\t:', ': \x0b', ':\x00');
export const name = (text) =>
  mostly(text, text.toLowerCase(), text.toUpperCase(), ` ${text}`, `${text}\x00`, `${text}-`, `X-${text}`, text.replace('-', '_'));

export const lengthField = (bytes) =>
  fc.tuple(
    name('Content-Length'),
    colon,
    mostly(
      `${bytes}`,
      `${bytes + 1}`,
      '0',
      `+${bytes}`,
      `0${bytes}`,
      `${bytes}, ${bytes}`,
      `0x${bytes}`,
      '',
      `${bytes} `,
      `-1`,
      '18446744073709551616',
      `${bytes}\t`,
    ),
    eol,
  );
export const codingField = fc.tuple(
  name('Transfer-Encoding'),
  colon,
  mostly(
    'chunked',
    'Chunked',
    'identity',
    'xchunked',
    'chunked, identity',
    'gzip, chunked',
    'chunked,',
    ',chunked',
    '"chunked"',
    'chunked;a=b',
    '',
    '\tchunked',
    'chunked\t',
    'chunked, chunked',
  ),
  eol,
);
export const otherField = fc.tuple(
  pick('X-A', 'Accept', 'Connection', 'Upgrade', 'Trailer', 'TE', '', 'Proxy-Connection', 'Keep-Alive'),
  colon,
  pick('b', 'keep-alive', 'Transfer-Encoding', 'foo, bar', 'websocket', 'trailers', ' ', '\x01', '\xe9', 'a\tb', '"quo\\"ted"'),
  eol,
);
export const closeField = fc.constant('Connection: close\r\n');

const extension = mostly('', ';a', ';a=b', ';a="b;c"', '; a = b', ';', ';a\x01', ';a\n', ' ', '\t', ';a=\r\n', ';'.repeat(300));
const sized = (data) =>
  fc.tuple(
    mostly(
      data.length.toString(16),
      data.length.toString(16).toUpperCase(),
      `0${data.length.toString(16)}`,
      `0x${data.length.toString(16)}`,
      `+${data.length.toString(16)}`,
      ` ${data.length}`,
      `${data.length}`,
      'g',
      '',
      '-1',
      'ffffffffffffffff',
      '1_0',
    ),
    extension,
    eol,
    fc.constant(data),
    eol,
  );
const smuggled = 'GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n';
export const data = pick('hello', 'a', '\r\n', '0\r\n\r\n', smuggled, 'x'.repeat(20), '\x00\xff');
const trailer = mostly(
  '',
  'X-Sum: 1\r\n',
  'Content-Length: 5\r\n',
  'Transfer-Encoding: chunked\r\n',
  'X-Sum : 1\r\n',
  'X: 1\n',
  ' folded\r\n',
  'Host: x\r\n',
  ':\r\n',
);
export const chunked = fc.tuple(
  fc.array(data.chain(sized), { maxLength: 3 }),
  mostly('0', '00', '0x0', '', '-0', '0000000000000000'),
  extension,
  eol,
  trailer,
  eol,
);

/** The text of nested pieces. */
export const join = (value) => (Array.isArray(value) ? value.map(join).join('') : value);

/** Whole messages, sometimes with a few bytes changed. */
export const streamOf = (message) =>
  fc
    .tuple(
      fc.array(message, { minLength: 1, maxLength: 3 }).map(join),
      fc.oneof(
        { weight: 4, arbitrary: fc.constant([]) },
        { weight: 1, arbitrary: fc.array(fc.tuple(fc.nat(), pick('\r', '\n', ' ', '\0', ':', '0', 'a', '')), { maxLength: 3 }) },
      ),
    )
    .map(([text, edits]) =>
      edits.reduce((out, [at, by]) => out.slice(0, at % (out.length + 1)) + by + out.slice((at % (out.length + 1)) + 1), text),
    );

/** The body of a chunked message that the reader has accepted. */
export function decodeChunks(text) {
  let body = '';
  for (let at = 0; ; ) {
    const size = Number.parseInt(text.slice(at), 16);
    if (size === 0) return body;
    const from = text.indexOf('\r\n', at) + 2;
    body += text.slice(from, from + size);
    at = from + size + 2;
  }
}

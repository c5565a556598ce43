/** A message of HTTP/2 as its edits have to know it. Chunks stand for a body of which nobody has said how long it is. */
import type { EditSubject } from '../http/rewrite-plan.js';
import type { HeaderBlock } from './header-block.js';

export function requestSubject(block: HeaderBlock, hasBody: boolean): EditSubject {
  return { framing: framingOf(block, hasBody), isReadable: true, mayChunk: true, isRequest: true, mayHaveBody: () => true };
}

/** `method` is that of the request as the caller sent it. */
export function responseSubject(block: HeaderBlock, { hasBody, method }: { hasBody: boolean; method: string }): EditSubject {
  return {
    framing: framingOf(block, hasBody),
    isReadable: method !== 'CONNECT',
    mayChunk: true,
    isRequest: false,
    mayHaveBody: ({ status = Number(block.first(':status')) }) => method !== 'HEAD' && status !== 204 && status !== 304,
  };
}

function framingOf(block: HeaderBlock, hasBody: boolean): EditSubject['framing'] {
  if (!hasBody) return 'none';
  const length = Number(block.first('content-length'));
  return Number.isInteger(length) ? length : 'chunked';
}

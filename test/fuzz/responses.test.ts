import { describe, expect, it } from 'vitest';
import { MessageReader } from '../../src/dataplane/http/message-reader.js';
import { type ParsedResponse, parseResponseHead } from '../../src/dataplane/http/response-head.js';
import { budget } from './budget.js';
import { compare, finding } from './compare.mjs';
import { readAsLink, responseFraming, startOracle } from './responses.mjs';

const reader = { MessageReader, parseResponseHead };

/** A reader that believes this of every answer. */
function believing(framing: (head: ParsedResponse) => ParsedResponse['framing']): typeof parseResponseHead {
  return (text, method) => {
    const head = parseResponseHead(text, method);
    return typeof head === 'string' ? head : Object.create(head, { framing: { value: framing(head) } });
  };
}

describe('response framing', () => {
  it('is the same as Node’s for whatever both accept', { timeout: budget.timeoutMs }, async () => {
    console.log(`responses: ${budget.seconds} s, FAULTLAB_TEST_SEED=${budget.seed}`);
    const { details, counts } = await compare(responseFraming(reader), budget);
    expect(finding(details)).toBeUndefined();
    expect(counts.accepted).toBeGreaterThan(counts.runs / 20);
    expect(counts.refusedByLink).toBeGreaterThan(counts.runs / 20);
  });

  it.each([
    [
      'a chunked body for one that ends with the connection',
      (head: ParsedResponse) => (head.framing === 'chunked' ? 'untilClose' : head.framing),
    ],
    ['a body where there is none', (head: ParsedResponse) => (head.framing === 'none' ? 'untilClose' : head.framing)],
    [
      'a length for one byte less',
      (head: ParsedResponse) => (typeof head.framing === 'number' && head.framing > 0 ? head.framing - 1 : head.framing),
    ],
  ])('would be caught taking %s', async (_what, framing) => {
    const spoiled = responseFraming({ MessageReader, parseResponseHead: believing(framing) });
    const { details } = await compare(spoiled, { seconds: 20, seed: budget.seed, runsMax: 5_000 });
    expect(finding(details)).toMatch(/reads/);
  });

  it('is compared against a client that reads', async () => {
    const oracle = await startOracle();
    const given = {
      method: 'GET',
      text: 'HTTP/1.1 103 Early\r\nLink: a\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\nX-Sum: 1\r\n\r\n',
    };
    const [link, node] = [readAsLink(reader, given), await oracle.frame(given)];
    await oracle.close();
    const read = { interim: [103], status: 200, body: 'hello', trailers: ['X-Sum', '1'] };
    expect(link).toEqual({ ...read, end: 'whole' });
    expect(node).toEqual({ ...read, isWhole: true, refusal: undefined });
  });
});

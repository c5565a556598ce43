import { describe, expect, it } from 'vitest';
import { MessageReader } from '../../src/dataplane/http/message-reader.js';
import { parseRequestHead } from '../../src/dataplane/http/request-head.js';
import { difference, frameAsLink, fuzzFraming, startOracle } from './framing.mjs';

const seed = Number(process.env['FAULTLAB_TEST_SEED'] ?? Math.floor(performance.now() * 1e3) % 2 ** 31);
const parser = { MessageReader, parseRequestHead };

describe('request framing', () => {
  it('is the same as Node’s for whatever both accept', async () => {
    const { details, counts } = await fuzzFraming(parser, { seconds: 6, seed });
    const again = `FAULTLAB_TEST_SEED=${seed}`;
    expect(details.counterexample, `${again} ${String(details.errorInstance)}`).toBeNull();
    expect(counts.accepted, again).toBeGreaterThan(counts.runs / 10);
    expect(counts.refusedByLink, again).toBeGreaterThan(counts.runs / 10);
  });

  it('would be caught taking a chunked body for none', async () => {
    const careless: typeof parseRequestHead = (text) => {
      const head = parseRequestHead(text);
      return typeof head !== 'string' && head.framing === 'chunked' ? Object.create(head, { framing: { value: 'none' } }) : head;
    };
    const { details } = await fuzzFraming({ MessageReader, parseRequestHead: careless }, { seconds: 6, seed, runsMax: 5_000 });
    expect(details.counterexample).not.toBeNull();
  });

  it('is compared against a server that answers', async () => {
    const oracle = await startOracle();
    const text =
      'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n';
    const [link, node] = [frameAsLink(parser, text), await oracle.frame(text)];
    await oracle.close();
    expect(node).toEqual({
      requests: [
        { method: 'POST', target: '/a', body: 'hello' },
        { method: 'GET', target: '/b', body: '' },
      ],
      refusal: undefined,
    });
    expect(link).toEqual({ requests: node.requests, end: 'open' });
    expect(difference({ ...link, requests: link.requests.slice(1) }, node)).toMatch(/differs/);
  });
});

import { describe, expect, it } from 'vitest';
import { MessageReader } from '../../src/dataplane/http/message-reader.js';
import { parseRequestHead } from '../../src/dataplane/http/request-head.js';
import { budget } from './budget.js';
import { compare, finding } from './compare.mjs';
import { difference, frameAsLink, requestFraming, startOracle } from './requests.mjs';

const reader = { MessageReader, parseRequestHead };

describe('request framing', () => {
  it('is the same as Node’s for whatever both accept', { timeout: budget.timeoutMs }, async () => {
    console.log(`requests: ${budget.seconds} s, FAULTLAB_TEST_SEED=${budget.seed}`);
    const { details, counts } = await compare(requestFraming(reader), budget);
    expect(finding(details)).toBeUndefined();
    expect(counts.accepted).toBeGreaterThan(counts.runs / 20);
    expect(counts.refusedByLink).toBeGreaterThan(counts.runs / 20);
  });

  it('would be caught taking a chunked body for none', async () => {
    const careless: typeof parseRequestHead = (text) => {
      const head = parseRequestHead(text);
      return typeof head !== 'string' && head.framing === 'chunked' ? Object.create(head, { framing: { value: 'none' } }) : head;
    };
    const spoiled = requestFraming({ MessageReader, parseRequestHead: careless });
    const { details } = await compare(spoiled, { seconds: 20, seed: budget.seed, runsMax: 5_000 });
    expect(finding(details)).toMatch(/differs|reads/);
  });

  it('is compared against a server that answers', async () => {
    const oracle = await startOracle();
    const text =
      'POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5;x\r\nhello\r\n0\r\n\r\nGET /b HTTP/1.1\r\nHost: h\r\n\r\n';
    const [link, node] = [frameAsLink(reader, text), await oracle.frame(text)];
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

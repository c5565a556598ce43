import { describe, expect, it } from 'vitest';
import { onRequest } from '../../../../src/dataplane/faults/http/on-request.js';
import { get, httpProxyTo } from '../../../support/http.js';
import { decider } from '../../../support/http-fault.js';
import { curl, nodeServer } from '../../../support/http-peers.js';
import { activeFault } from '../../../support/tcp.js';

const caps = { delayMax: '2s', statuses: [503, 429] };

/** What a request with these headers gets. */
function asking(fields: Readonly<Record<string, string>>, value: unknown = caps, drawn = 0) {
  return decider(onRequest, value)({ request: get('/', fields), random: () => drawn });
}

describe('onRequest', () => {
  it.each([
    {},
    { delayMax: '0s' },
    { delayMax: 2 },
    { delayMax: '25h' },
    { statuses: [199] },
    { statuses: 503 },
    { ...caps, prefix: 'X-Fault-' },
    { ...caps, prefix: '' },
    { ...caps, header: 'x' },
  ])('refuses %j', (value) => {
    expect(onRequest.schema.safeParse(value).success).toBe(false);
  });

  it('does what a request asks for, and an abort before a delay', () => {
    expect(asking({ 'X-Fault-Delay': '250ms' })).toEqual({ kind: 'delay', delayMs: 250 });
    expect(asking({ 'X-Fault-Abort': '503' })).toEqual({ kind: 'reply', status: 503, headers: {}, body: '' });
    expect(asking({ 'X-Fault-Delay': '1s', 'X-Fault-Abort': '429' })).toMatchObject({ status: 429 });
    expect(asking({ 'Lab-Delay': '1s' }, { ...caps, prefix: 'lab-' })).toEqual({ kind: 'delay', delayMs: 1_000 });
  });

  it('gives no request more than is allowed', () => {
    expect(asking({ 'x-fault-delay': '5000h' })).toEqual({ kind: 'delay', delayMs: 2_000 });
    expect(asking({ 'x-fault-delay': '1s' }, { statuses: [503] })).toEqual({ kind: 'continue' });
    expect(asking({ 'x-fault-abort': '500' })).toEqual({ kind: 'continue' });
    expect(asking({ 'x-fault-abort': '503' }, { delayMax: '1s' })).toEqual({ kind: 'continue' });
  });

  it.each(['', '1', '1 s', '-1s', 'Infinityms', '1e9s', '250ms, 250ms', `${'9'.repeat(400)}s`])(
    'takes no notice of a delay of %j',
    (delay) => {
      expect(asking({ 'x-fault-delay': delay })).toEqual({ kind: 'continue' });
    },
  );

  it('leaves requests alone that ask for nothing', () => {
    expect(asking({})).toEqual({ kind: 'continue' });
  });

  it('takes a share, and none if it cannot be read', () => {
    const ask = (percentage: string, drawn: number) =>
      asking({ 'x-fault-delay': '1s', 'x-fault-percentage': percentage }, caps, drawn).kind;
    expect([ask('50', 0.49), ask('50%', 0.5), ask('100', 0.999), ask('0', 0), ask('half', 0), ask('-5', 0), ask('', 0)]).toEqual([
      'delay',
      'continue',
      'delay',
      'continue',
      'continue',
      'continue',
      'continue',
    ]);
  });
});

describe('onRequest on a link', () => {
  it('does to each request what it asked for, and nothing where it has not been put', async () => {
    await using server = await nodeServer();
    await using link = await httpProxyTo(server.port);
    const ask = (...headers: readonly string[]) =>
      curl(
        '-o',
        '/dev/null',
        '-w',
        '%{http_code} %{time_total}',
        ...headers.flatMap((header) => ['-H', header]),
        `http://127.0.0.1:${link.port}/`,
      );
    expect((await ask('x-fault-abort: 503')).stdout).toMatch(/^200 /);
    link.proxy.setFaults([activeFault({ type: 'onRequest', value: { ...caps, delayMax: '200ms' } })]);
    expect((await ask('x-fault-abort: 503')).stdout).toMatch(/^503 /);
    expect((await ask('x-fault-abort: 500')).stdout).toMatch(/^200 /);
    const [status, seconds] = (await ask('x-fault-delay: 1h')).stdout.split(' ').map(Number);
    expect(status).toBe(200);
    expect(seconds).toBeGreaterThanOrEqual(0.2);
    expect(seconds).toBeLessThan(5);
    expect(server.heard).toHaveLength(3);
  });
});

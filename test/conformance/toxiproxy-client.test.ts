import { type ICreateProxyBody, type Toxic, type Proxy as ToxicProxy, Toxiproxy } from 'toxiproxy-node-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type ServedControl, servedControl } from '../support/control.js';
import { closeCode, dial, echo, pattern, readBytes, readToEnd, type Served, serve, until, wait } from '../support/tcp.js';

let control: ServedControl;
let toxiproxy: Toxiproxy;
let upstream: Served;

beforeEach(async () => {
  control = await servedControl();
  toxiproxy = new Toxiproxy(control.url);
  upstream = await echo();
});
afterEach(async () => {
  await control[Symbol.asyncDispose]();
  await upstream[Symbol.asyncDispose]();
});

const body = (given: Partial<ICreateProxyBody> = {}): ICreateProxyBody => ({
  name: 'p',
  listen: 'localhost:0',
  upstream: `127.0.0.1:${upstream.port}`,
  ...given,
});
const connect = (proxy: ToxicProxy) => dial(Number(proxy.listen.split(':').at(-1)));
type Attributes = Readonly<Record<string, number | boolean | string>>;
interface Given {
  stream?: 'upstream' | 'downstream';
  toxicity?: number;
  name?: string;
}
/** Types of ours, and `noop`, are not in the client's list. */
const addToxic = (
  proxy: ToxicProxy,
  type: string,
  attributes: Attributes,
  { stream = 'downstream', toxicity = 1, name = '' }: Given = {},
) => proxy.addToxic({ name, type, stream, toxicity, attributes } as never) as Promise<Toxic<Attributes>>;

describe('toxiproxy-node-client', () => {
  it('creates, reads, updates and removes a proxy', async () => {
    const proxy = await toxiproxy.createProxy(body());
    expect(proxy.listen).toMatch(/^127\.0\.0\.1:\d+$/);
    expect((await toxiproxy.get('p')).toJson()).toMatchObject({ name: 'p', enabled: true, listen: proxy.listen });
    const off = await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
    expect(off.enabled).toBe(false);
    const on = await proxy.update({ enabled: true, listen: proxy.listen, upstream: 'somehost:12345' });
    expect([on.enabled, on.upstream, on.listen]).toEqual([true, 'somehost:12345', proxy.listen]);
    await proxy.remove();
    await expect(toxiproxy.get('p')).rejects.toThrow('Request failed with status code 404');
  });

  it('is told of a name that is taken', async () => {
    const proxy = await toxiproxy.createProxy(body());
    await expect(toxiproxy.createProxy(body())).rejects.toThrow('Request failed with status code 409');
    await addToxic(proxy, 'latency', { latency: 1 });
    await expect(addToxic(proxy, 'latency', { latency: 1 })).rejects.toThrow('Request failed with status code 409');
  });

  it('populates, lists and resets', async () => {
    await toxiproxy.populate([body({ name: 'a' }), body({ name: 'b', enabled: false })]);
    const all = await toxiproxy.getAll();
    expect(Object.keys(all)).toEqual(['a', 'b']);
    expect([all['a']?.enabled, all['b']?.enabled]).toEqual([true, false]);
    const toxic = await addToxic(all['a'] as ToxicProxy, 'timeout', { timeout: 0 });
    await toxiproxy.reset();
    expect((await toxiproxy.get('b')).enabled).toBe(true);
    await expect(all['a']?.getToxic(toxic.name)).rejects.toThrow('404');
    expect(JSON.parse(await toxiproxy.getVersion())).toEqual({ version: '2.12.0' });
  });

  it.each([
    ['latency', { latency: 1, jitter: 2 }],
    ['bandwidth', { rate: 1 }],
    ['slow_close', { delay: 1 }],
    ['timeout', { timeout: 1 }],
    ['slicer', { average_size: 1000, size_variation: 1000, delay: 1 }],
    ['reset_peer', { timeout: 1 }],
    ['limit_data', { bytes: 1 }],
  ])('has a toxic of type %s through its whole life', async (type, attributes) => {
    const proxy = await toxiproxy.createProxy(body());
    const toxic = await addToxic(proxy, type, attributes);
    expect([toxic.name, toxic.toxicity, toxic.attributes]).toEqual([`${type}_downstream`, 1, attributes]);
    expect((await proxy.getToxic(toxic.name)).toJson()).toEqual(toxic.toJson());
    const changed = Object.fromEntries(Object.keys(attributes).map((key) => [key, 12_345]));
    const updated = await toxic.update({ ...toxic.toJson(), attributes: changed, toxicity: 0.42 });
    expect([updated.attributes, updated.toxicity]).toEqual([changed, 0.42]);
    await toxic.remove();
    await expect(proxy.getToxic(toxic.name)).rejects.toThrow('404');
  });
});

describe('what a toxic does, by way of the API', () => {
  it('latency delays each direction by itself, and never ends early; an update applies to live connections', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const client = connect(proxy);
    const roundTripMs = async (): Promise<number> => {
      const startMs = performance.now();
      client.write('x');
      await readBytes(client, 1);
      return performance.now() - startMs;
    };
    await roundTripMs();
    const up = await addToxic(proxy, 'latency', { latency: 100 }, { stream: 'upstream' });
    await addToxic(proxy, 'latency', { latency: 100 });
    expect(await roundTripMs()).toBeGreaterThanOrEqual(200);
    await up.update({ ...up.toJson(), attributes: { latency: 300 } });
    expect(await roundTripMs()).toBeGreaterThanOrEqual(400);
    await toxiproxy.reset();
    expect(await roundTripMs()).toBeLessThan(200);
  });

  it('latency does not keep a callee that speaks first from being dialled', async () => {
    await using greeter = await serve((socket) => socket.write('hello'));
    const proxy = await toxiproxy.createProxy(body({ upstream: `127.0.0.1:${greeter.port}` }));
    await addToxic(proxy, 'latency', { latency: 60_000 }, { stream: 'upstream' });
    expect((await readBytes(connect(proxy), 5)).toString()).toBe('hello');
  });

  it('timeout swallows data, closes after silence, and closes when it is removed', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const toxic = await addToxic(proxy, 'timeout', { timeout: 0 });
    const client = connect(proxy);
    const end = readToEnd(client);
    client.write('lost');
    await until('the upstream has it', () => upstream.accepted[0]?.bytesRead === 4);
    await toxic.remove();
    expect((await end).length).toBe(0);
    await addToxic(proxy, 'timeout', { timeout: 50 });
    expect((await readToEnd(connect(proxy))).length).toBe(0);
  });

  it('timeout of 0 that is changed to 100 closes then, and is not closed by the change', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const toxic = await addToxic(proxy, 'timeout', { timeout: 0 });
    const client = connect(proxy);
    const end = readToEnd(client);
    client.write('x');
    await until('the upstream has it', () => upstream.accepted[0]?.bytesRead === 1);
    const startMs = performance.now();
    await toxic.update({ ...toxic.toJson(), attributes: { timeout: 100 } });
    await end;
    expect(performance.now() - startMs).toBeGreaterThanOrEqual(99);
  });

  it('reset_peer resets live and new connections on their first data, and not with a toxicity of 0', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const live = connect(proxy);
    live.write('a');
    await readBytes(live, 1);
    const toxic = await addToxic(proxy, 'reset_peer', { timeout: 0 }, { stream: 'upstream' });
    const codes = Promise.all([closeCode(live), closeCode(upstream.accepted[0] as never)]);
    live.write('b');
    expect(await codes).toEqual(['ECONNRESET', 'ECONNRESET']);
    const next = connect(proxy);
    next.write('c');
    expect(await closeCode(next)).toBe('ECONNRESET');
    await toxic.update({ ...toxic.toJson(), toxicity: 0 });
    const spared = connect(proxy);
    spared.end('d');
    // Closed in order; whether the echo is there before the connection is closed in full is nobody's promise.
    expect(['', 'd']).toContain((await readToEnd(spared)).toString());
  });

  it('limit_data passes so many bytes, counts on over an update, and then closes', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const toxic = await addToxic(proxy, 'limit_data', { bytes: 100 });
    const client = connect(proxy);
    const all = readToEnd(client);
    client.write(pattern(90));
    await until('90 bytes are back', () => client.bytesRead === 90);
    await toxic.update({ ...toxic.toJson(), attributes: { bytes: 95 } });
    client.write(pattern(90));
    expect((await all).length).toBe(95);
  });

  it('bandwidth of 0 lets nothing through, and what was held arrives when it is removed', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const toxic = await addToxic(proxy, 'bandwidth', { rate: 0 });
    const client = connect(proxy);
    const sent = pattern(100_000);
    client.write(sent);
    await wait(50);
    expect(client.bytesRead).toBe(0);
    const back = readBytes(client, sent.length);
    await toxic.remove();
    expect((await back).equals(sent)).toBe(true);
  });

  it('an end closes the connection whole, behind what is under way', async () => {
    await using server = await serve((socket) => socket.resume().end('bye'));
    const proxy = await toxiproxy.createProxy(body({ upstream: `127.0.0.1:${server.port}` }));
    await addToxic(proxy, 'latency', { latency: 50 });
    const client = connect(proxy);
    expect((await readToEnd(client)).toString()).toBe('bye');
    // The client has not said anything, and still the callee is told that it is over.
    await until('the callee’s side is over', () => server.accepted[0]?.readableEnded === true);
  });

  it('a callee that is not there shows as an accepted connection that ends', async () => {
    const proxy = await toxiproxy.createProxy(body({ upstream: 'nonsense' }));
    expect((await readToEnd(connect(proxy))).length).toBe(0);
  });

  it('disabling ends live connections in order and refuses new ones', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const client = connect(proxy);
    client.write('x');
    await readBytes(client, 1);
    const end = readToEnd(client);
    await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
    await end;
    expect(await closeCode(connect(proxy))).toBe('ECONNREFUSED');
  });
});

describe('what hangs or crashes Toxiproxy', () => {
  const extremes = [-1, 0, 1, 2 ** 31, Number.MAX_SAFE_INTEGER, -Number.MAX_SAFE_INTEGER];
  const cases: [string, string[]][] = [
    ['latency', ['latency', 'jitter']],
    ['bandwidth', ['rate']],
    ['slow_close', ['delay']],
    ['timeout', ['timeout']],
    ['reset_peer', ['timeout']],
    ['slicer', ['average_size', 'size_variation', 'delay']],
    ['limit_data', ['bytes']],
  ];

  it.each(cases)('%s takes any integer under traffic, and goes again', async (type, names) => {
    const proxy = await toxiproxy.createProxy(body());
    for (const first of extremes) {
      for (const rest of [0, ...extremes.slice(-2)]) {
        const client = connect(proxy);
        client.on('data', () => {});
        client.write(pattern(10_000));
        const attributes = Object.fromEntries(names.map((name, i) => [name, i === 0 ? first : rest]));
        const toxic = await addToxic(proxy, type, attributes);
        client.write('more');
        await toxic.update({ ...toxic.toJson(), attributes });
        await toxic.remove();
        client.destroy();
      }
    }
    const client = connect(proxy);
    client.write('still here');
    expect((await readBytes(client, 10)).toString()).toBe('still here');
  });

  it('toxics can be changed while nobody reads, and no byte is lost', async () => {
    const received: Buffer[] = [];
    await using slow = await serve((socket) => socket.pause());
    const proxy = await toxiproxy.createProxy(body({ upstream: `127.0.0.1:${slow.port}` }));
    const client = connect(proxy);
    const sent = pattern(20_000_000);
    client.end(sent);
    await until('the path is full', () => client.bytesWritten > 1_000_000);
    await wait(50);
    for (const [type, attributes] of [
      ['latency', { latency: 5 }],
      ['bandwidth', { rate: 1 }],
      ['slicer', { average_size: 1_000, size_variation: 500, delay: 10 }],
      ['noop', {}],
    ] as const) {
      const toxic = await addToxic(proxy, type, attributes, { stream: 'upstream' });
      await toxic.update({ ...toxic.toJson(), toxicity: 0.5 });
      await toxic.remove();
    }
    slow.accepted[0]?.on('data', (bytes: Buffer) => received.push(bytes)).resume();
    await until('all has arrived', () => slow.accepted[0]?.readableEnded === true, 15_000);
    expect(Buffer.concat(received).equals(sent)).toBe(true);
  });

  it('a thousand calls while data flows lose no byte and change no order', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const client = connect(proxy);
    const received: Buffer[] = [];
    client.on('data', (bytes: Buffer) => received.push(bytes));
    const sent = pattern(2_000_000);
    for (let round = 0; round < 100; round++) {
      client.write(sent.subarray(round * 20_000, (round + 1) * 20_000));
      const toxic = await addToxic(proxy, 'latency', { latency: 20, jitter: 20 }, { stream: round % 2 === 0 ? 'upstream' : 'downstream' });
      const calls = Array.from({ length: 8 }, (_, i) => toxic.update({ ...toxic.toJson(), attributes: { latency: i, jitter: i } }));
      await Promise.all(calls);
      await toxic.remove();
    }
    await until('all is back', () => client.bytesRead >= sent.length);
    expect(Buffer.concat(received).equals(sent)).toBe(true);
  });

  it('a dial that hangs holds up neither the API nor other clients', async () => {
    const proxy = await toxiproxy.createProxy(body());
    const toxic = await addToxic(proxy, 'slowOpen', { hang: true, at: 'connection' }, { stream: 'upstream' });
    const waiting = connect(proxy);
    const end = readToEnd(waiting);
    waiting.write('x');
    await until('connected', () => !waiting.connecting);
    await toxic.update({ ...toxic.toJson(), toxicity: 1 });
    const other = await toxiproxy.createProxy(body({ name: 'other' }));
    const client = connect(other);
    client.write('x');
    expect((await readBytes(client, 1)).toString()).toBe('x');
    await proxy.update({ enabled: false, listen: proxy.listen, upstream: proxy.upstream });
    await end;
    expect(upstream.accepted).toHaveLength(1);
  });
});

/** The shop as it is run: real processes. Backends that misbehave are servers of the test, so that it can turn them good and bad. */
import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { type StartedProgram, startProgram } from '../../support/program.js';

interface FakeBackend extends Disposable {
  readonly address: string;
  readonly requests: IncomingMessage[];
  /** What it does with data requests from now on; `/ready` is always answered. */
  behave(how: (response: ServerResponse) => void): void;
}

const answers =
  (status: number, body = '{"inStock":1}') =>
  (response: ServerResponse) =>
    response.writeHead(status).end(body);
const never = () => {};

async function fakeBackend(first: (response: ServerResponse) => void): Promise<FakeBackend> {
  let how = first;
  const requests: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.url === '/ready') {
      response.end('{}');
      return;
    }
    requests.push(request);
    how(response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    address: `127.0.0.1:${(server.address() as { port: number }).port}`,
    requests,
    behave: (next) => {
      how = next;
    },
    [Symbol.dispose]: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

/** A port that was free a moment ago. */
async function nobody(): Promise<string> {
  const backend = await fakeBackend(never);
  backend[Symbol.dispose]();
  return backend.address;
}

interface Told {
  inventory: readonly string[];
  payments: string;
  orders?: string;
  args?: readonly string[];
}

function startGateway({ inventory, payments, orders, args = [] }: Told) {
  const env = { PORT: '0', INVENTORY: inventory.join(','), PAYMENTS: payments, ...(orders !== undefined && { ORDERS: orders }) };
  return startProgram({ file: 'lab/shop/gateway.js', args, env });
}

async function statuses(gateway: StartedProgram, path: string, count: number, init: RequestInit = {}): Promise<number[]> {
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    const response = await fetch(`http://${gateway.address}${path}${i}`, init);
    await response.text();
    found.push(response.status);
  }
  return found;
}

const pay = { method: 'POST', body: '{"amount": 42}' };

describe('the shop', () => {
  it('answers stock and payments through the gateway, and the request id arrives', async () => {
    await using inventory = await startProgram({ file: 'lab/shop/inventory.js', env: { PORT: '0', NAME: 'inventory-1' } });
    await using payments = await startProgram({ file: 'lab/shop/payments.js', env: { PORT: '0', NAME: 'payments-1' } });
    await using gateway = await startGateway({ inventory: [inventory.address], payments: payments.address });
    const stock = await fetch(`http://${gateway.address}/stock/a1`, { headers: { 'x-request-id': 'abc' } });
    expect(await stock.json()).toMatchObject({ instance: 'inventory-1', key: 'a1', inStock: expect.any(Number) });
    expect(stock.headers.get('x-request-id')).toBe('abc');
    const paid = await fetch(`http://${gateway.address}/pay/a1`, pay);
    expect(await paid.json()).toEqual({ instance: 'payments-1', key: 'a1', paid: true });
    expect((await fetch(`http://${gateway.address}/ready`)).status).toBe(200);
  });

  it('hands orders on to whoever takes them, as they are', async () => {
    using orders = await fakeBackend(answers(503));
    const rest = { inventory: [await nobody()], payments: await nobody() };
    await using gateway = await startGateway({ ...rest, orders: orders.address });
    expect(await statuses(gateway, '/orders/', 2, { method: 'POST', body: '{}' })).toEqual([503, 503]);
    expect(orders.requests.map(({ url, method }) => `${method} ${url}`)).toEqual(['POST /orders/0', 'POST /orders/1']);
    await using elsewhere = await startGateway({ ...rest, orders: await nobody() });
    expect(await statuses(elsewhere, '/orders/', 1, { method: 'POST', body: '{}' })).toEqual([502]);
  });

  it('gives every request without an id one of its own, on both ways', async () => {
    using inventory = await fakeBackend(answers(200));
    using payments = await fakeBackend(answers(200));
    await using gateway = await startGateway({ inventory: [inventory.address], payments: payments.address });
    await statuses(gateway, '/stock/', 2);
    await statuses(gateway, '/pay/', 2, pay);
    const ids = [...inventory.requests, ...payments.requests].map(({ headers }) => headers['x-request-id']);
    expect(new Set(ids).size).toBe(4);
    expect(ids.every((id) => typeof id === 'string' && id.length > 20)).toBe(true);
  });

  it('is healthy but not ready while a dependency cannot be reached', async () => {
    using inventory = await fakeBackend(answers(200));
    await using gateway = await startGateway({ inventory: [inventory.address], payments: await nobody() });
    expect((await fetch(`http://${gateway.address}/health`)).status).toBe(200);
    const ready = await fetch(`http://${gateway.address}/ready`);
    expect(ready.status).toBe(503);
    expect(await ready.text()).toMatch(/payments: .*ECONNREFUSED/);
  });

  it('refuses what it has no route or no method for', async () => {
    await using gateway = await startGateway({ inventory: [await nobody()], payments: await nobody() });
    expect(await statuses(gateway, '/other/', 1)).toEqual([404]);
    expect(await statuses(gateway, '/stock/', 1, { method: 'DELETE' })).toEqual([405]);
    expect(await statuses(gateway, '/pay/', 1)).toEqual([405]);
    expect(await statuses(gateway, '/pay/', 1, { method: 'POST', body: 'x'.repeat(100_000) })).toEqual([413]);
  });
});

describe('the gateway before a gray host', () => {
  it('stops calling it after three errors, and calls it again after three seconds', async () => {
    using good = await fakeBackend(answers(200));
    using bad = await fakeBackend(answers(503));
    await using gateway = await startGateway({ inventory: [good.address, bad.address], payments: good.address });
    expect((await statuses(gateway, '/stock/', 40)).filter((status) => status === 503)).toHaveLength(3);
    expect(bad.requests).toHaveLength(3);
    bad.behave(answers(200));
    await vi.waitFor(
      async () => {
        await statuses(gateway, '/stock/', 2);
        expect(bad.requests.length).toBeGreaterThan(3);
      },
      { timeout: 8_000, interval: 200 },
    );
    await vi.waitFor(() => expect(gateway.lines.map(({ event }) => event)).toEqual(['started', 'ejected', 'readmitted']), 3_000);
  });

  it.each([
    ['refuses connections', 502],
    ['never answers', 504],
  ] as const)('ejects a host that %s', async (what, status) => {
    using good = await fakeBackend(answers(200));
    using silent = await fakeBackend(never);
    const bad = what === 'never answers' ? silent.address : await nobody();
    await using gateway = await startGateway({ inventory: [good.address, bad], payments: good.address });
    const found = await statuses(gateway, '/stock/', 20);
    expect(found.filter((one) => one === status)).toHaveLength(3);
    expect(found.filter((one) => one === 200)).toHaveLength(17);
  });

  it.each([
    ['ejects a host that says 200 and tells no stock', [], 3],
    ['takes its word when it does not look at what is said', ['--contents', 'off'], 20],
  ] as const)('%s', async (_what, args, calls) => {
    using good = await fakeBackend(answers(200));
    using lying = await fakeBackend(answers(200, '{"error":"no connection to the database"}'));
    await using gateway = await startGateway({ inventory: [good.address, lying.address], payments: good.address, args });
    expect(new Set(await statuses(gateway, '/stock/', 40))).toEqual(new Set([200]));
    expect(lying.requests).toHaveLength(calls);
  });

  it('keeps calling it when ejection is off', async () => {
    using good = await fakeBackend(answers(200));
    using bad = await fakeBackend(answers(503));
    await using gateway = await startGateway({
      inventory: [good.address, bad.address],
      payments: good.address,
      args: ['--ejection', 'off'],
    });
    expect((await statuses(gateway, '/stock/', 40)).filter((status) => status === 503)).toHaveLength(20);
  });

  it('waits for a silent host when time limits are off', async () => {
    using silent = await fakeBackend(never);
    await using gateway = await startGateway({ inventory: [silent.address], payments: silent.address, args: ['--timeout', 'off'] });
    const asked = fetch(`http://${gateway.address}/stock/1`, { signal: AbortSignal.timeout(900) }).then(
      ({ status }) => status,
      () => 'no answer',
    );
    expect(await asked).toBe('no answer');
  });
});

describe('the gateway before payments that fail', () => {
  it('queues the payment, stops asking when the breaker opens, tries once, and closes again', async () => {
    using inventory = await fakeBackend(answers(200));
    using payments = await fakeBackend(answers(503));
    await using gateway = await startGateway({ inventory: [inventory.address], payments: payments.address });
    const states = () => gateway.lines.filter(({ event }) => event === 'breaker').map(({ state }) => state);

    expect(await statuses(gateway, '/pay/', 30, pay)).toEqual(Array(30).fill(202));
    expect(payments.requests.length).toBeLessThan(30);
    await vi.waitFor(() => expect(states()).toEqual(['open']), 3_000);

    const asked = payments.requests.length;
    await vi.waitFor(() => expect(states()).toEqual(['open', 'halfOpen']), 5_000);
    await Promise.all(Array.from({ length: 20 }, () => statuses(gateway, '/pay/', 1, pay)));
    expect(payments.requests.length - asked, 'trials while half-open').toBe(1);

    payments.behave(answers(200));
    await vi.waitFor(
      async () => {
        expect(await statuses(gateway, '/pay/', 3, pay)).toEqual([200, 200, 200]);
      },
      { timeout: 6_000, interval: 100 },
    );
    expect(states().at(-1)).toBe('closed');
  });

  it('cancels a call that takes too long', async () => {
    using silent = await fakeBackend(never);
    await using gateway = await startGateway({ inventory: [silent.address], payments: silent.address });
    const response = await fetch(`http://${gateway.address}/pay/1`, pay);
    expect({ status: response.status, body: await response.json() }).toEqual({ status: 202, body: { queued: true } });
    await vi.waitFor(() => expect(silent.requests[0]?.socket.destroyed).toBe(true), 3_000);
  });

  it('asks every time and answers 502 when the breaker is off', async () => {
    using inventory = await fakeBackend(answers(200));
    using payments = await fakeBackend(answers(503));
    await using gateway = await startGateway({ inventory: [inventory.address], payments: payments.address, args: ['--breaker', 'off'] });
    expect(await statuses(gateway, '/pay/', 30, pay)).toEqual(Array(30).fill(502));
    expect(payments.requests).toHaveLength(30);
  });
});

describe('an instance of inventory', () => {
  it('answers the same for the same key, is healthy, and refuses other methods', async () => {
    await using inventory = await startProgram({ file: 'lab/shop/inventory.js', env: { PORT: '0', NAME: 'inventory-1' } });
    const [first, second] = await Promise.all([1, 2].map(async () => (await fetch(`http://${inventory.address}/stock/k`)).text()));
    expect(first).toBe(second);
    expect((await fetch(`http://${inventory.address}/health`)).status).toBe(200);
    expect((await fetch(`http://${inventory.address}/stock/k`, { method: 'POST' })).status).toBe(405);
  });
});

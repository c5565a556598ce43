/** The whole request path of the shop, as it is run: real processes. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type StartedProgram, startProgram } from '../../support/program.js';

const started: StartedProgram[] = [];

async function start(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const program = await startProgram({ file: `lab/shop/${name}.js`, args, env: { PORT: '0', NAME: `${name}-1`, ...env } });
  started.push(program);
  expect(program.stderr()).toBe('');
  return program.address;
}

async function send(address: string, path: string, method = 'POST'): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`http://${address}${path}`, { method });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const places: Record<string, string> = {};

beforeAll(async () => {
  const [inventory, payments, store, queue] = await Promise.all([
    start('inventory', []),
    start('payments', []),
    start('store', []),
    start('queue', ['--waiting', '2']),
  ]);
  const behind = { INVENTORY: inventory, PAYMENTS: payments, STORE: store, QUEUE: queue };
  const orders = await start('orders', ['--workers', '2', '--queue', '3'], behind);
  const gateway = await start('order-gateway', ['--attempts', '1'], { ORDERS: orders });
  Object.assign(places, { store, queue, orders, gateway });
});

afterAll(() => Promise.all(started.map((program) => program[Symbol.asyncDispose]())));

describe('the request path of the shop', () => {
  it('takes an order from the gateway to the store and the queue, and reads it back', async () => {
    const { gateway = '', store = '', queue = '' } = places;
    expect((await send(gateway, '/orders/a')).status).toBe(200);
    expect(await send(gateway, '/orders/a', 'GET')).toMatchObject({ status: 200, body: { key: 'a', state: 'paid' } });
    expect((await send(gateway, '/orders/never', 'GET')).status).toBe(404);
    expect((await send(store, '/records/a', 'GET')).body).toMatchObject({ key: 'a', state: 'paid' });
    expect((await send(queue, '/health', 'GET')).body).toMatchObject({ waiting: 1 });
  });

  it('hands back to the user that the queue is full, until deliveries have made room', async () => {
    const { gateway = '', queue = '' } = places;
    expect((await send(gateway, '/orders/b')).status).toBe(200);
    expect((await send(gateway, '/orders/c')).status).toBe(503);
    const deliveries = await start('deliveries', ['--service-ms', '1'], { QUEUE: queue });
    await vi.waitFor(async () => expect((await send(deliveries, '/health', 'GET')).body).toMatchObject({ done: 2 }), { timeout: 10_000 });
    expect((await send(gateway, '/orders/c')).status).toBe(200);
  });

  it('turns away at once whom it has no place for', async () => {
    const { orders = '' } = places;
    const answers = await Promise.all(Array.from({ length: 30 }, () => send(orders, '/orders/a', 'GET')));
    const refused = answers.filter(({ status }) => status === 503);
    expect(refused.length).toBeGreaterThan(10);
    expect(refused[0]?.body['error']).toBe('turned away: full');
    expect(answers.some(({ status }) => status === 200)).toBe(true);
  });
});

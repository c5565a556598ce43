/**
 * The gateway: the part of the shop that defends itself. Stock is relayed to one of several inventory instances with outlier ejection and a time
 * limit; payments go through a circuit breaker with a fallback; orders are handed on as they are. Started with PORT, INVENTORY, PAYMENTS and, if
 * there is a way to orders, ORDERS in the environment.
 */
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { request as call } from 'undici';
import type { Clock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import { Relay, type RelayOutcome } from '../../gateway/relay.js';
import { readBody } from '../body.js';
import { deadline } from '../deadline.js';
import type { Address } from '../environment.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { type Balancer, createBalancer } from './balancer.js';
import { defaultEjectionPolicy } from './ejection.js';
import { type GatewayOptions, readGatewayOptions } from './gateway-options.js';
import { PaymentsClient } from './payments-client.js';
import { StockAnswer } from './stock-answer.js';

/** Connections to one inventory instance; beyond it requests wait, within their time limit. */
const SOCKETS_MAX = 64;
const STOCK_MS_MAX = 1_500;
const PAYMENT_MS_MAX = 1_500;
/** Longer than all attempts of whoever is behind. */
const ORDER_MS_MAX = 5_000;
const READY_MS_MAX = 1_000;

/** What the routes work with. */
interface Gateway {
  readonly options: GatewayOptions;
  readonly clock: Clock;
  readonly relay: Relay;
  readonly balancer: Balancer;
  readonly payments: PaymentsClient;
}

await runProgram({ name: 'gateway', start });

function start({ args, env, clock, log }: ProgramInput): Promise<RunningProgram> {
  const options = readGatewayOptions(args, env);
  const gateway: Gateway = {
    options,
    clock,
    relay: new Relay(clock, { reuse: true, socketsMax: SOCKETS_MAX }),
    balancer: balance(options, log),
    payments: payBy(options, clock, log),
  };
  const server = createJsonServer((asked) => serve(gateway, asked));
  server.on('upgrade', (request, socket, head) => {
    gateway.relay.upgrade(request, socket, head, inventoryAt(gateway, gateway.balancer.pick(clock.nowMs())));
  });
  return listen(server, options.port, [gateway.relay, gateway.payments]);
}

function balance({ inventory, ejection, ejectionErrors }: GatewayOptions, log: ProgramInput['log']): Balancer {
  return createBalancer({
    hostCount: inventory.length,
    ...(ejection && { ejection: { ...defaultEjectionPolicy, errorsInARow: ejectionErrors } }),
    onChange: (host, state) => log({ event: state.kind === 'out' ? 'ejected' : 'readmitted', host, ...state }),
  });
}

function payBy({ payments, breaker, timeout }: GatewayOptions, clock: Clock, log: ProgramInput['log']): PaymentsClient {
  return new PaymentsClient({
    address: payments,
    breaker,
    clock,
    ...(timeout && { answerMsMax: PAYMENT_MS_MAX }),
    onBreaker: (state) => log({ event: 'breaker', state, atMs: clock.nowMs() }),
  });
}

async function serve(gateway: Gateway, { request, response, path }: Asked): Promise<void> {
  // The token by which a request is found again at the other end: the caller's own, or a new one.
  request.headers['x-request-id'] ??= randomUUID();
  if (path === '/health') return answerJson(response, 200, { status: 'up' });
  if (path === '/ready') return answerReady(gateway, response);
  if (path.startsWith('/stock/')) return answerStock(gateway, request, response);
  if (path.startsWith('/pay/')) return answerPay(gateway, request, response);
  if (path.startsWith('/orders/') && gateway.options.orders !== undefined)
    return answerOrders(gateway, { request, response }, gateway.options.orders);
  answerJson(response, 404, { error: `no route ${path}` });
}

async function answerStock(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'GET' && request.method !== 'HEAD') return answerJson(response, 405, { error: 'expected GET' });
  const { balancer, clock, relay, options } = gateway;
  const host = balancer.pick(clock.nowMs());
  // A HEAD has nothing to say.
  const answer = options.contents && request.method === 'GET' ? new StockAnswer() : undefined;
  const outcome = await relay.forward(request, response, {
    ...inventoryAt(gateway, host),
    ...(options.timeout && { answerMsMax: STOCK_MS_MAX }),
    ...(answer && { watch: (bytes: Buffer) => answer.add(bytes) }),
  });
  if (outcome.kind !== 'callerLeft') balancer.report(host, isHostError(outcome, answer), clock.nowMs());
  if (outcome.kind === 'timedOut') answerJson(response, 504, { error: `inventory: no answer within ${STOCK_MS_MAX} ms` });
  if (outcome.kind === 'failed') answerJson(response, 502, { error: `inventory: ${outcome.reason}` });
}

/** Where the answer is looked into, a success that tells no stock is none. */
function isHostError(outcome: RelayOutcome, answer: StockAnswer | undefined): boolean {
  if (outcome.kind !== 'answered' || outcome.status >= 500) return true;
  return outcome.status === 200 && answer?.tellsStock() === false;
}

async function answerOrders({ relay }: Gateway, { request, response }: Omit<Asked, 'path'>, orders: Address): Promise<void> {
  const outcome = await relay.forward(request, response, { ...orders, answerMsMax: ORDER_MS_MAX });
  if (outcome.kind === 'timedOut') answerJson(response, 504, { error: `orders: no answer within ${ORDER_MS_MAX} ms` });
  if (outcome.kind === 'failed') answerJson(response, 502, { error: `orders: ${outcome.reason}` });
}

async function answerPay(gateway: Gateway, request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.method !== 'POST') return answerJson(response, 405, { error: 'expected POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const answer = await gateway.payments.pay({
    path: request.url ?? '/',
    body: body.bytes,
    contentType: request.headers['content-type'] ?? 'application/octet-stream',
    requestId: String(request.headers['x-request-id']),
  });
  answerJson(response, answer.status, answer.body);
}

/** Ready when one inventory instance and payments are: asked through the links, so a link that is not up shows here. */
async function answerReady(gateway: Gateway, response: ServerResponse): Promise<void> {
  const { balancer, clock, options } = gateway;
  const inventory = inventoryAt(gateway, balancer.pick(clock.nowMs()));
  const problems = await Promise.all([askReady('inventory', inventory, clock), askReady('payments', options.payments, clock)]);
  const found = problems.filter((problem) => problem !== undefined);
  answerJson(response, found.length === 0 ? 200 : 503, found.length === 0 ? { status: 'ready' } : { status: 'not ready', problems: found });
}

/** What keeps a dependency from being ready, or nothing. */
async function askReady(name: string, { host, port }: Address, clock: Clock): Promise<string | undefined> {
  using limit = deadline(clock, READY_MS_MAX);
  try {
    const headers = { 'x-request-id': randomUUID(), connection: 'close' };
    const answer = await call(`http://${host}:${port}/ready`, { headers, signal: limit.signal });
    await answer.body.dump();
    return answer.statusCode === 200 ? undefined : `${name}: answered ${answer.statusCode}`;
  } catch (error) {
    return `${name}: ${reasonOf(error)}`;
  }
}

function inventoryAt({ options }: Gateway, host: number): Address {
  return options.inventory[host] ?? options.inventory[0];
}

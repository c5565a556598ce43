/**
 * The orders of the shop: `POST /orders/KEY` asks inventory, has it paid, writes it to the store and queues it for delivery; `GET /orders/KEY` needs the
 * store alone. A worker is held from the first step to the last, as by a thread for each request, so that whatever a dependency is slow with costs
 * capacity here. Which dependencies there are is in the environment, see `orders-options.ts`.
 */
import { sleep } from '../../core/clock.js';
import { readBody } from '../body.js';
import { createJsonCaller, type JsonAnswer } from '../call-json.js';
import { answerJson } from '../json-answer.js';
import { type Asked, createJsonServer } from '../json-server.js';
import { leaving } from '../leaving.js';
import { type ProgramInput, type RunningProgram, runProgram } from '../program.js';
import { listen } from '../server.js';
import { type Ask, createDependency, type Dependency, isFailure } from './dependency.js';
import { type OrdersOptions, readOrdersOptions, type Step } from './orders-options.js';

interface Orders {
  readonly options: OrdersOptions;
  readonly dependencies: ReadonlyMap<Step, Dependency>;
  readonly clock: ProgramInput['clock'];
}

/** An order, and who waits for it. */
interface Order {
  readonly key: string;
  readonly requestId: string;
  /** Left out: it is carried to its end, whoever has left. */
  readonly left?: AbortSignal;
}

const PREFIX = '/orders/';

await runProgram({ name: 'orders', start });

function start(input: ProgramInput): Promise<RunningProgram> {
  const { clock, log } = input;
  const options = readOrdersOptions(input);
  const caller = createJsonCaller(clock, { reuse: true });
  const dependencies = Object.entries(options.hosts).map(([step, hosts]): [Step, Dependency] => [
    step as Step,
    createDependency({ ...options, name: step, hosts, caller, restraint: options.budget, clock, log }),
  ]);
  const orders: Orders = { options, dependencies: new Map(dependencies), clock };
  const server = createJsonServer((asked) => serve(orders, asked));
  return listen(server, options.port, [caller]);
}

async function serve(orders: Orders, { request, response, path }: Asked): Promise<void> {
  const { capacity, name } = orders.options;
  if (path === '/health') return answerJson(response, 200, { instance: name, status: 'up' });
  if (!path.startsWith(PREFIX)) return answerJson(response, 404, { error: `no route ${path}` });
  if (request.method !== 'GET' && request.method !== 'POST') return answerJson(response, 405, { error: 'expected GET or POST' });
  const body = await readBody(request);
  if (body.kind === 'tooLong') return answerJson(response, 413, { error: 'body too long' });
  const left = leaving(response);
  const key = path.slice(PREFIX.length);
  const order: Order = { key, requestId: String(request.headers['x-request-id'] ?? key), ...(capacity.shedding && { left }) };
  const errands = request.method === 'POST' ? toPlace(key) : toLookUp(key);
  const worked = await capacity.work(() => carryOut(orders, order, errands), left);
  if (worked.kind === 'refused') return answerJson(response, 503, { instance: name, error: `turned away: ${worked.why}` });
  const { status, body: said } = worked.value;
  answerJson(response, status, { ...said, instance: name, key });
}

/** What is asked of whom. */
interface Errand {
  readonly of: Step;
  readonly ask: Ask;
}

/** What a new order needs, in this order. */
function toPlace(key: string): readonly Errand[] {
  return [
    { of: 'inventory', ask: { method: 'GET', path: `/stock/${key}` } },
    { of: 'payments', ask: { method: 'POST', path: `/pay/${key}`, body: { amount: 1 } } },
    { of: 'store', ask: { method: 'PUT', path: `/records/${key}`, body: { state: 'paid' } } },
    { of: 'queue', ask: { method: 'POST', path: `/jobs/${key}`, body: {} } },
  ];
}

function toLookUp(key: string): readonly Errand[] {
  return [{ of: 'store', ask: { method: 'GET', path: `/records/${key}` } }];
}

/** Its own work, then one errand after the other, up to the first that fails. The last one's answer is the answer. */
async function carryOut({ options, dependencies, clock }: Orders, order: Order, errands: readonly Errand[]): Promise<JsonAnswer> {
  await sleep(clock, options.capacity.timeMs(order.key));
  let said: JsonAnswer['body'] = {};
  for (const { of, ask } of errands) {
    const answer = await dependencies.get(of)?.call({ ...ask, headers: { 'x-request-id': order.requestId } }, order.left);
    if (answer === undefined) continue;
    if (isFailure(answer)) return { status: 503, body: { error: `${of}: ${JSON.stringify(answer.body)}` } };
    // Its own fault, like an order that is not there: handed on as it is.
    if (answer.status >= 400) return answer;
    said = answer.body;
  }
  return { status: 200, body: said };
}

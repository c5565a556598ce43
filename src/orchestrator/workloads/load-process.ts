/**
 * The load generator as a process: configuration in, exchanges out (`load-protocol.ts`). It ends when told to, after what was in flight; and at
 * once when its parent is gone, because a load that nobody watches is an attack.
 */
import { createInterface } from 'node:readline';
import { every, hostClock } from '../../core/clock.js';
import { reasonOf } from '../../core/errors.js';
import { LoadLoop } from './load-loop.js';
import { type LoadConfig, loadConfigSchema, loadOrderSchema } from './load-protocol.js';
import { Outbox } from './outbox.js';
import { textsOf } from './request-maker.js';
import { readRows } from './rows.js';

const FLUSH_MS = 100;

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
process.stdout.on('error', () => process.exit(1));
// Ctrl-C reaches every process of the terminal. The parent hears it too, and decides when the load ends.
process.on('SIGINT', () => {});

/** Throws what zod or the JSON parser has to say. */
async function readConfig(): Promise<LoadConfig> {
  const { value } = await lines.next();
  return loadConfigSchema.parse(JSON.parse(value ?? ''));
}

/** Obeys the parent until it asks for the end; ends the process when there is no parent any more. */
async function obeyUntilStop(loop: LoadLoop): Promise<void> {
  for (;;) {
    const { value, done } = await lines.next();
    if (done) process.exit(0);
    const order = loadOrderSchema.parse(JSON.parse(value));
    if (order.order === 'stop') return;
    loop.obey(order);
  }
}

async function run(config: LoadConfig): Promise<void> {
  const outbox = new Outbox(process.stdout);
  const rows = await Promise.all(
    config.scenarios.map(async ({ data, requests }) => (data === undefined ? [] : readRows(data, requests.flatMap(textsOf)))),
  );
  await using loop = new LoadLoop({ config, rows, clock: hostClock, onExchange: (exchange) => outbox.add(exchange) });
  outbox.begin();
  const flushing = every(hostClock, FLUSH_MS, () => outbox.flush());
  const terminated = new Promise<void>((resolve) => process.once('SIGTERM', () => resolve()));
  const asked = obeyUntilStop(loop);
  await Promise.race([asked, terminated]);
  // From here on stdin says one thing more: that the parent is gone.
  void asked.then(() => obeyUntilStop(loop));
  await loop.stop();
  flushing.cancel();
  await outbox.end({ type: 'ended', summary: loop.summary(outbox.lost) });
}

try {
  await run(await readConfig());
  process.exit(0);
} catch (error) {
  process.stderr.write(`load generator: ${reasonOf(error)}\n`);
  process.exit(1);
}

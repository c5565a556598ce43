/**
 * A small process of its own that takes a run's proxies and toxics off a Toxiproxy server when the orchestrator is gone, because that server has
 * no leases. It waits for the end of its input, which SIGKILL of the orchestrator brings about; after an orderly end it finds nothing to do.
 */
import { hostClock, sleep } from '../../core/clock.js';
import { ToxiproxyServer } from '../drivers/toxiproxy-server.js';

const RETRY_MS = 250;
/** A request that was under way may create a proxy after the last look; so it looks once more. */
const LAST_LOOK_MS = 1_000;
const GIVE_UP_MS = 120_000;

const [url = '', prefix = ''] = process.argv.slice(2);
if (prefix === '') throw new Error('expected a url and the prefix of the names to remove');
const server = new ToxiproxyServer(url, hostClock);

// Whatever comes is of no interest, only that it ends.
for await (const _ of process.stdin);

const giveUpMs = hostClock.nowMs() + GIVE_UP_MS;
for (let cleanLooks = 0; cleanLooks < 2 && hostClock.nowMs() < giveUpMs; ) {
  const found = await server.sweep(prefix).catch(() => undefined);
  const isClean = found?.proxies === 0;
  cleanLooks = isClean ? cleanLooks + 1 : 0;
  if (cleanLooks < 2) await sleep(hostClock, isClean ? LAST_LOOK_MS : RETRY_MS);
}

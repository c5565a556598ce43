/** A store behind a lease, and two holders of which the first wakes up late: what it accepts, and what of that it should have refused. */
import { drawStream, keyedDraw } from '../../src/core/random.js';
import type { RunRecord } from '../../src/journal/record.js';
import { type HistoryExchange, recordOf } from './histories.js';

export const LEASE_STEP = 'old-holder-sleeps';

/** `forgetful`: it knows the newest token of each caller only. `lenient`: one token behind is new enough. */
export type Fence = 'strict' | 'none' | 'forgetful' | 'lenient';

export interface StoreCycle {
  seed: number;
  fence: Fence;
  /** Writes that the old holder sent before it slept and that come when it has lost the lease. */
  held?: number;
  /** Both hold a token of the same number. */
  isShared?: boolean;
  /** Nobody writes. */
  isIdle?: boolean;
}

const TO_MS = 12_000;
const HANDED_OVER_MS = 6_000;
const EVERY_MS = 40;

interface Write {
  from: string;
  token: bigint;
  startMs: number;
  /** When the store has all of it. */
  wholeMs: number;
}

/** 25 writes a second, each with the token of its time; 1 % fail for no reason of the fence. */
export function storeCycle({ seed, fence, held = 4, isShared = false, isIdle = false }: StoreCycle): RunRecord {
  const draw = drawStream(keyedDraw({ seed, faultId: 'store' }), 'writes');
  const newest = new Map<string, bigint>();
  const statusOf = ({ from, token }: Write): number => {
    if (draw() < 0.01) return 503;
    const memory = fence === 'forgetful' ? from : 'all';
    const known = newest.get(memory) ?? 0n;
    if (fence !== 'none' && known - token > (fence === 'lenient' ? 1n : 0n)) return 409;
    newest.set(memory, token > known ? token : known);
    return 200;
  };
  const sent = isIdle ? [] : writes(held, isShared ? 7n : 8n, draw);
  const exchanges = sent.map((write) => toExchange(write, statusOf(write), draw));
  const fault = { step: LEASE_STEP, fromMs: 5_500, toMs: 8_000, instances: ['payments-1'] };
  return recordOf({ exchanges, faults: [fault], gateways: ['gateway-1', 'gateway-2'], toMs: TO_MS });
}

function toExchange({ from, token, startMs, wholeMs }: Write, status: number, draw: () => number): HistoryExchange {
  const endMs = wholeMs + 1 + 4 * draw();
  const tokens = { 'x-epoch': String(token) };
  return {
    from,
    to: 'payments-1',
    method: 'PUT',
    path: '/orders/1',
    tokens,
    startMs,
    requestEndMs: wholeMs,
    responseStartMs: endMs,
    endMs,
    status,
  };
}

/** In the order in which the store gets them. */
function writes(held: number, newer: bigint, draw: () => number): Write[] {
  const list: Write[] = [];
  for (let i = 0; i * EVERY_MS < TO_MS; i++) {
    const startMs = i * EVERY_MS + 4 * draw();
    const isNew = startMs >= HANDED_OVER_MS;
    list.push({ from: isNew ? 'gateway-2' : 'gateway-1', token: isNew ? newer : 7n, startMs, wholeMs: startMs });
  }
  for (let i = 0; i < held; i++) list.push({ from: 'gateway-1', token: 7n, startMs: 5_900 + i, wholeMs: 8_000 + i + draw() });
  return list.sort((a, b) => a.wholeMs - b.wholeMs);
}

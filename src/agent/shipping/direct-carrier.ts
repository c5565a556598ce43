/** Batches straight to the orchestrator. Each request is a round trip as well, by which the two clocks are compared: what one measured goes along with the next. */
import { z } from 'zod';
import type { Clock } from '../../core/clock.js';
import type { RoundTrip } from '../../orchestrator/fleet/clock-offset.js';
import { BATCHES_PATH, ROUND_TRIP_HEADER } from '../../orchestrator/fleet/ingest-server.js';
import type { Carry } from './carrier.js';
import { putBytes } from './put-bytes.js';

const answerSchema = z.object({ receivedMs: z.number(), answeredMs: z.number() });

export function directCarrier({ url, token, clock }: { url: string; token: string | undefined; clock: Clock }): Carry {
  const target = url.replace(/\/+$/, '') + BATCHES_PATH;
  let last: RoundTrip | undefined;
  return async ({ bytes }, signal) => {
    const askedMs = clock.nowMs();
    const headers = last === undefined ? {} : { [ROUND_TRIP_HEADER]: JSON.stringify(last) };
    const text = await putBytes({ url: target, method: 'POST', bytes, token, signal, headers });
    const heardMs = clock.nowMs();
    const { receivedMs, answeredMs } = answerSchema.parse(JSON.parse(text));
    last = { askedMs, seenMs: receivedMs, toldMs: answeredMs, heardMs };
  };
}

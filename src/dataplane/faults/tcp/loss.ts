/**
 * What lost packets do to a TCP stream: nothing is missing, but all behind the gap waits until the sender's retransmission timer fires, and twice
 * as long if the retransmission is lost too. Losses come in bursts by a Gilbert–Elliott chain: a good state that loses nothing, a bad one
 * that loses all. Stalls are of retransmission timers only; the quick repair by duplicate acknowledgements is left out.
 */
import { z } from 'zod';
import { duration, percentage } from '../../../core/units.js';
import { defineTcpFault } from '../fault.js';

/** Payload of one packet on Ethernet. */
const SEGMENT_BYTES = 1_460;
/** A lost SYN is sent again after a second at the earliest (RFC 6298). */
const OPEN_RTO_MS_MIN = 1_000;
/** After so many losses of the same segment it gets through whatever the chain says: it is late enough. */
const RETRANSMISSIONS_MAX = 15;

/** Says of one segment after the other whether it is lost. `share` of them are, in runs of `burst` on average; 1 means independent losses. */
function createLossChain({ share, burst, random }: { share: number; burst: number; random: () => number }): () => boolean {
  // Independent losses come in runs, too, of 1 / (1 - share).
  const leaveBad = Math.min(1 / burst, 1 - share);
  const enterBad = share === 1 ? 1 : Math.min(1, (leaveBad * share) / (1 - share));
  let isBad = random() < share;
  return () => {
    const wasBad = isBad;
    isBad = random() < (isBad ? 1 - leaveBad : enterBad);
    return wasBad;
  };
}

export const loss = defineTcpFault({
  name: 'loss',
  summary: 'Stall the stream as lost packets do: for a retransmission timeout that doubles as long as the loss repeats. No byte is lost.',
  schema: z.strictObject({
    rate: percentage()
      .refine((percent) => percent > 0, 'expected more than 0')
      .meta({ description: 'share of the packets that are lost, like 1%' }),
    burst: z.number().min(1).max(10_000).default(1).meta({ description: 'packets lost in a row, on average; 1: losses are independent' }),
    rto: duration({ minMs: 1 }).default(200).meta({ description: 'first retransmission timeout, like 200ms' }),
    rtoMax: duration({ minMs: 1 }).default(60_000).meta({ description: 'the timeout doubles up to this' }),
  }),
  example: { rate: '1%', burst: 3, rto: '200ms' },
  defaultDirection: 'down',
  alters: false,
  actsAtOnce: false,
  open: ({ rate: percent, burst, rto: rtoMs, rtoMax: rtoMsMax }, { random }) => {
    const isLost = createLossChain({ share: percent / 100, burst, random });
    const lostOf = (segments: number): { first: number; count: number } => {
      let first = segments;
      let count = 0;
      for (let i = 0; i < segments; i++) {
        if (!isLost()) continue;
        if (count === 0) first = i;
        count += 1;
      }
      return { first, count };
    };
    /** How long it takes until so many lost segments have all got through; those of one round are sent again together. */
    const stallMs = (lostSegments: number, firstRtoMs: number): number => {
      let totalMs = 0;
      let lost = lostSegments;
      for (let round = 0; lost > 0; round++) {
        totalMs += Math.min(firstRtoMs * 2 ** round, Math.max(rtoMsMax, firstRtoMs));
        lost = round < RETRANSMISSIONS_MAX ? lostOf(lost).count : 0;
      }
      return totalMs;
    };
    return (signal, effects) => {
      if (signal.kind === 'tick' || signal.kind === 'removed') return;
      if (signal.kind !== 'data') {
        effects.pass(stallMs(lostOf(1).count, signal.kind === 'open' ? Math.max(rtoMs, OPEN_RTO_MS_MIN) : rtoMs));
        return;
      }
      const { first, count } = lostOf(Math.ceil(signal.bytes.length / SEGMENT_BYTES));
      const intact = signal.bytes.subarray(0, first * SEGMENT_BYTES);
      if (intact.length > 0) effects.passBytes(intact);
      if (count > 0) effects.passBytes(signal.bytes.subarray(intact.length), stallMs(count, rtoMs));
    };
  },
});

/**
 * A fault of the catalog → Toxiproxy's toxics, or why there are none that mean the same. Pure. A toxic that only resembles the fault is
 * refused: a verdict on another fault than the plan's would be worth nothing. Where the meaning holds but the edges differ, a caveat says how.
 */
import type { z } from 'zod';
import { faults as catalog } from '../../dataplane/faults/catalog.js';
import type { FlowDirection, TcpFault } from '../../dataplane/faults/fault.js';
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import { bandwidth } from '../../dataplane/faults/tcp/bandwidth.js';
import { blackhole } from '../../dataplane/faults/tcp/blackhole.js';
import { latency } from '../../dataplane/faults/tcp/latency.js';
import { limitData } from '../../dataplane/faults/tcp/limit-data.js';
import { noop } from '../../dataplane/faults/tcp/noop.js';
import { reset } from '../../dataplane/faults/tcp/reset.js';
import { slicer } from '../../dataplane/faults/tcp/slicer.js';
import { slowClose } from '../../dataplane/faults/tcp/slow-close.js';
import { stall } from '../../dataplane/faults/tcp/stall.js';

export type Stream = 'upstream' | 'downstream';

/** One toxic but for its name. */
export interface ToxicText {
  /** As Toxiproxy calls it. */
  type: string;
  stream: Stream;
  /** 0…1 */
  toxicity: number;
  attributes: Readonly<Record<string, number>>;
}

export type Translation =
  | { kind: 'carried'; toxics: readonly ToxicText[]; caveats: readonly string[] }
  | { kind: 'refused'; reasons: readonly string[] };

/** What becomes of one type, whatever its streams. */
interface Toxic {
  type: string;
  attributes: Readonly<Record<string, number>>;
  objections?: readonly (string | undefined)[];
  caveats?: readonly string[];
}

type Spec = Omit<FaultSpec, 'id' | 'proxies'>;

/** Each direction of a fault as the stream of Toxiproxy. */
const STREAM: Readonly<Record<FlowDirection, Stream>> = { up: 'upstream', down: 'downstream' };

const CLOSED_ON_REMOVAL = 'connections that it acts on are closed when it ends';
const PARTIAL_RESET =
  'reset_peer ignores its share when a connection closes: closes that should be spared become resets too; only 100 % can be carried';

/** Toxiproxy takes integers; a rounded figure would be another fault. */
function whole(what: string, value: number, unit: string): string | undefined {
  return Number.isSafeInteger(value) ? undefined : `${what}: Toxiproxy takes whole ${unit} only`;
}

const toxic = <S extends z.ZodType>(fault: TcpFault<S>, translate: (params: z.output<S>, spec: Spec) => Toxic) => {
  const read = (spec: Spec): Toxic => translate(fault.schema.parse(spec.value ?? {}), spec);
  return [fault.name, { defaultDirection: fault.defaultDirection, read }] as const;
};

/** Kept to a microsecond: a float's dust is no fraction. */
const micros = (ms: number): number => Math.round(ms * 1e6) / 1e3;

const TOXICS = new Map([
  toxic(latency, ({ latency: latencyMs, jitter, distribution, correlation }) => ({
    // Both call it the same, and two of the next.
    type: latency.name,
    attributes: { latency: latencyMs, jitter },
    objections: [
      whole('the latency', latencyMs, 'milliseconds'),
      whole('the jitter', jitter, 'milliseconds'),
      jitter > 0 && distribution !== 'uniform' ? `distribution: Toxiproxy's jitter is uniform, not ${distribution}` : undefined,
      correlation > 0 ? 'correlation: Toxiproxy draws each delay by itself' : undefined,
    ],
    caveats: ['only data is late: a connection opens, and an end without data passes, at once'],
  })),
  toxic(bandwidth, ({ rate: bytesPerSecond, share }) => ({
    type: bandwidth.name,
    attributes: { rate: bytesPerSecond / 1_000 },
    objections: [
      whole('rate', bytesPerSecond / 1_000, 'KB/s'),
      share === 'proxy' ? 'share: Toxiproxy limits each connection by itself' : undefined,
    ],
  })),
  toxic(slicer, ({ averageSize: averageBytes, sizeVariation: variationBytes, delay: delayMs }) => ({
    type: slicer.name,
    attributes: { average_size: averageBytes, size_variation: variationBytes, delay: micros(delayMs) },
    objections: [
      whole('delay', micros(delayMs), 'microseconds'),
      variationBytes >= averageBytes ? 'sizeVariation: Toxiproxy may crash when it is not smaller than averageSize' : undefined,
    ],
  })),
  toxic(slowClose, ({ delay: delayMs }) => ({
    type: 'slow_close',
    attributes: { delay: delayMs },
    objections: [whole('delay', delayMs, 'milliseconds')],
  })),
  toxic(stall, ({ timeout: timeoutMs }) => ({
    type: 'timeout',
    attributes: { timeout: timeoutMs },
    // Below a millisecond it would become 0, which never closes.
    objections: [whole('timeout', timeoutMs, 'milliseconds')],
    caveats: [CLOSED_ON_REMOVAL],
  })),
  toxic(reset, ({ after: afterMs, afterBytes, trigger }, { percentage }) => ({
    type: 'reset_peer',
    attributes: { timeout: afterMs },
    objections: [
      whole('after', afterMs, 'milliseconds'),
      afterBytes === undefined ? undefined : 'afterBytes: Toxiproxy counts no bytes before a reset',
      trigger === 'open' && afterBytes === undefined
        ? 'trigger: Toxiproxy resets on the first data, not on opening, and never an idle connection; write `trigger: data`'
        : undefined,
      percentage < 100 ? PARTIAL_RESET : undefined,
    ],
    caveats: ['what comes meanwhile is thrown away; connections that exist already get a FIN instead of a RST'],
  })),
  toxic(limitData, ({ bytes }) => ({ type: 'limit_data', attributes: { bytes } })),
  toxic(noop, () => ({ type: noop.name, attributes: {} })),
  toxic(blackhole, (_params, { direction = blackhole.defaultDirection }) => ({
    type: 'timeout',
    attributes: { timeout: 0 },
    objections: [
      direction === 'both'
        ? undefined
        : 'direction: Toxiproxy throws away what one way should hold, and the other way goes on as if it had come; cut both',
    ],
    caveats: [`what comes meanwhile is thrown away, not held; ${CLOSED_ON_REMOVAL}`],
  })),
]);

/** The types that can be carried, for the message about one that cannot. */
const CARRIED_TYPES: readonly string[] = [...TOXICS.keys()];

export function translate(spec: Spec): Translation {
  const found = TOXICS.get(spec.type);
  if (found === undefined) return { kind: 'refused', reasons: [unknownType(spec.type), ...objectionsBeside(spec)] };
  const { type, attributes, objections = [], caveats = [] } = found.read(spec);
  const direction = spec.direction ?? found.defaultDirection;
  const streams = direction === 'both' ? [STREAM.up, STREAM.down] : [STREAM[direction]];
  const reasons = [...commonObjections(spec, streams.length), ...objections.filter((reason) => reason !== undefined)];
  if (reasons.length > 0) return { kind: 'refused', reasons };
  const toxicity = spec.percentage / 100;
  const drawn = spec.percentage < 100 ? ['which connections it chooses does not follow the seed'] : [];
  return {
    kind: 'carried',
    toxics: streams.map((stream) => ({ type, stream, toxicity, attributes })),
    caveats: [...caveats, ...drawn],
  };
}

/** What could not be carried of it either, but for conditions on requests, which go with a fault that knows them. */
function objectionsBeside({ match: _match, exclude: _exclude, ...spec }: Spec): readonly string[] {
  return commonObjections(spec, 1);
}

function unknownType(type: string): string {
  const isHttp = catalog.get(type)?.protocol === 'http';
  const why = isHttp ? 'Toxiproxy carries bytes and knows no requests' : `Toxiproxy has no toxic that means ${type}${madeOf(type)}`;
  return `${why}; it can carry: ${CARRIED_TYPES.join(', ')}`;
}

/** A fault that is made of others could be carried in parts, if at all; which of them is the plan's to say. */
function madeOf(type: string): string {
  const found = catalog.get(type);
  return found !== undefined && 'parts' in found ? ', a fault made of several; write those of them that it can carry' : '';
}

/** Conditions around a fault that a toxic has no place for. */
function commonObjections(spec: Spec, streams: number): string[] {
  const { match, exclude, source, pulse, ramp, connections, keyBy, percentage, maxActive } = spec;
  const counted = (['first', 'nth', 'every'] as const).filter((key) => spec[key] !== undefined);
  const isPartial = percentage < 100;
  return [
    match && 'match: Toxiproxy knows no requests',
    exclude && 'exclude: Toxiproxy knows no requests',
    source && 'source: Toxiproxy does not look at the caller’s address',
    pulse && 'pulse: a toxic is on until it is removed',
    ramp && 'ramp: toxicity is drawn anew for live connections whenever it is changed',
    ...counted.map((key) => `${key}: a toxic does not count connections`),
    maxActive !== undefined && 'maxActive: a toxic acts on any number of connections at a time',
    connections !== 'all' && `connections: a toxic acts on all connections, not on ${connections} ones only`,
    isPartial && keyBy !== undefined && keyBy !== 'connection' && `keyBy: toxicity is a share of connections, not by ${keyBy}`,
    isPartial && streams > 1 && 'percentage: Toxiproxy draws for each stream by itself; name one direction, up or down',
  ].filter((reason) => typeof reason === 'string');
}

/**
 * Which faults are on one connection, and the stages they become. Where the connection stands among all is drawn once for each fault, however
 * often the list or the percentage changes and in however many directions the fault acts; the lists are what the connection's observation tells.
 */
import { drawStream } from '../core/random.js';
import type { Came } from './encounters.js';
import type { ActiveFault, Caller } from './faults/active-fault.js';
import { cameOf, type Meeting } from './faults/choice.js';
import type { FlowDirection, TcpFaultContext, TcpFaultPart, TcpTransform, TlsDecision } from './faults/fault.js';
import type { StageSpec } from './pipeline.js';

/** Faults remembered for one connection; on one that outlives more of them, the oldest are left out of its observation. */
const REMEMBERED_MAX = 256;

/**
 * Bytes under way on a long path, for one direction of one connection: beyond it the source is paused. It is a delay times a rate: 100 ms
 * of the fastest stream that a link without faults carries (measured: 0.8…1.3 GB/s), so that distance alone does not make a link slow.
 */
const PATH_BYTES_MAX = 128 * 1024 * 1024;

export interface ConnectionIdentity extends Caller {
  /** The proxy's name. */
  link: string;
  /** The callee's. */
  instance: string;
  /** Counts from 1 on each link. */
  connection: number;
}

export type Stages = Readonly<Record<FlowDirection, readonly StageSpec[]>>;

/** The stages of a fault under these parameters: made once, because each fault that comes has all the others looked at again. */
interface Made {
  parts: ActiveFault['parts'];
  isNew: boolean;
  stages: Stages;
}

/** A fault as one connection knows it. */
interface Known {
  meeting: Meeting;
  made?: Made;
}

export class ConnectionFaults {
  readonly #identity: ConnectionIdentity;
  readonly #known = new Map<ActiveFault, Known>();

  constructor(identity: ConnectionIdentity) {
    this.#identity = identity;
  }

  /** Stages of both directions, in the order of the list; HTTP faults are not among them. `isNew`: the connection's `open` is still to come. */
  stages(faults: readonly ActiveFault[], { isNew }: { isNew: boolean }): Stages {
    const up: StageSpec[] = [];
    const down: StageSpec[] = [];
    for (const fault of faults) {
      if (fault.parts.length === 0 || !fault.covers(this.#identity)) continue;
      const known = this.#known.get(fault) ?? this.#meet(fault);
      if (!fault.hits(known.meeting)) continue;
      if (known.made?.parts !== fault.parts || known.made.isNew !== isNew) known.made = this.#made(fault, isNew);
      for (const spec of known.made.stages.up) up.push(spec);
      for (const spec of known.made.stages.down) down.push(spec);
    }
    return { up, down };
  }

  /** What the TLS faults among them do to its handshake, in the order of the list. */
  handshake(faults: readonly ActiveFault[]): TlsDecision[] {
    return faults.flatMap((fault) =>
      fault.definition.protocol === 'tls' && this.#applies(fault) ? [fault.definition.decide(fault.params)] : [],
    );
  }

  /** The faults that looked at this connection, by their ids, and what came of each. */
  get met(): readonly (readonly [fault: string, came: Came])[] {
    return Array.from(this.#known, ([fault, { meeting }]) => [fault.id, cameOf(meeting)] as const);
  }

  /** Ids of those of them that have hit it, sooner or later. */
  get applied(): readonly string[] {
    return this.met.flatMap(([fault, came]) => (came === 'applied' ? [fault] : []));
  }

  /** The connection is over: it makes room where a fault may hit only so many at a time. */
  end(): void {
    for (const [fault, { meeting }] of this.#known) fault.leave(meeting);
  }

  #forget(fault: ActiveFault): void {
    const known = this.#known.get(fault);
    if (known !== undefined) fault.leave(known.meeting);
    this.#known.delete(fault);
  }

  #applies(fault: ActiveFault): boolean {
    if (!fault.covers(this.#identity)) return false;
    return fault.hits((this.#known.get(fault) ?? this.#meet(fault)).meeting);
  }

  #meet(fault: ActiveFault): Known {
    const oldest = this.#known.size >= REMEMBERED_MAX ? this.#known.keys().next().value : undefined;
    if (oldest !== undefined) this.#forget(oldest);
    const known: Known = { meeting: fault.meet(this.#identity) };
    this.#known.set(fault, known);
    return known;
  }

  #made(fault: ActiveFault, isNew: boolean): Made {
    const { parts } = fault;
    const stagesOn = (direction: FlowDirection): StageSpec[] =>
      parts
        .filter((part) => fault.flows(direction) && (part.direction === 'both' || part.direction === direction))
        .map((part) => this.#stage(fault, part, { direction, isNew }));
    return { parts, isNew, stages: { up: stagesOn('up'), down: stagesOn('down') } };
  }

  #stage(fault: ActiveFault, part: TcpFaultPart, { direction, isNew }: { direction: FlowDirection; isNew: boolean }): StageSpec {
    const { definition, params } = part;
    // A fault that is not made of others is its own only part, and is known by its own name.
    const place = definition === fault.definition ? direction : `${direction}/${definition.name}`;
    return {
      id: definition === fault.definition ? fault.id : `${fault.id}/${definition.name}`,
      version: params,
      open: (memory) => this.#open(fault, part, { place, context: { direction, isNew, memory } }),
      // `open` travels up only, so on the way down a tick has to tell that there is a connection.
      tickAtOnce: definition.actsAtOnce && !(isNew && direction === 'up'),
      ...(definition.actsOnRemoval && { tellsRemoval: true }),
      ...(definition.isPath && { heldBytesMax: PATH_BYTES_MAX }),
    };
  }

  #open(
    fault: ActiveFault,
    { definition, params }: TcpFaultPart,
    { place, context }: { place: string; context: Pick<TcpFaultContext, 'direction' | 'isNew' | 'memory'> },
  ): TcpTransform {
    const transform = definition.open(params, {
      ...context,
      random: drawStream(fault.draw, `${this.#identity.instance}#${this.#identity.connection}/${place}`),
      sinceMs: fault.sinceMs,
      shared: (create) => fault.shared(`${this.#identity.link}/${place}`, create),
    });
    return fault.spec.dataOnly ? dataOnly(transform) : transform;
  }
}

/** Begin and end of the stream go by, behind what is held before them. */
function dataOnly(transform: TcpTransform): TcpTransform {
  return (signal, effects) => {
    if (signal.kind === 'open' || signal.kind === 'end' || signal.kind === 'broken') effects.pass();
    else transform(signal, effects);
  };
}

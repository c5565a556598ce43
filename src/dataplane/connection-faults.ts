/**
 * Which faults are on one connection, and the stages they become. Where the connection stands among all is drawn once for each fault, however
 * often the list or the percentage changes and in however many directions the fault acts; the lists are what the connection's observation tells.
 */
import { drawStream } from '../core/random.js';
import type { ActiveFault, Caller, Meeting } from './faults/active-fault.js';
import type { FlowDirection, TcpFault, TcpTransform } from './faults/fault.js';
import type { StageSpec } from './pipeline.js';
import type { StageMemory } from './pipeline-stage.js';

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

export class ConnectionFaults {
  readonly #identity: ConnectionIdentity;
  readonly #meetings = new Map<ActiveFault, Meeting>();

  constructor(identity: ConnectionIdentity) {
    this.#identity = identity;
  }

  /** Stages of one direction, in the order of the list; HTTP faults are not among them. `isNew`: the connection's `open` is still to come. */
  stages(faults: readonly ActiveFault[], { direction, isNew }: { direction: FlowDirection; isNew: boolean }): StageSpec[] {
    const stages: StageSpec[] = [];
    for (const fault of faults) {
      const { definition } = fault;
      if (definition.protocol !== 'tcp' || !fault.flows(direction) || !this.#applies(fault)) continue;
      stages.push({
        id: fault.id,
        version: fault.params,
        open: (memory) => this.#open(fault, definition, { direction, isNew, memory }),
        // `open` travels up only, so on the way down a tick has to tell that there is a connection.
        tickAtOnce: definition.actsAtOnce && !(isNew && direction === 'up'),
        ...(definition.actsOnRemoval && { tellsRemoval: true }),
        ...(definition.isPath && { heldBytesMax: PATH_BYTES_MAX }),
      });
    }
    return stages;
  }

  /** Ids of the faults that looked at this connection. */
  get matched(): readonly string[] {
    return Array.from(this.#meetings.keys(), (fault) => fault.id);
  }

  /** Ids of those of them that the percentage has chosen, sooner or later. */
  get applied(): readonly string[] {
    return [...this.#meetings].filter(([, { wasHit }]) => wasHit).map(([fault]) => fault.id);
  }

  #applies(fault: ActiveFault): boolean {
    if (!fault.covers(this.#identity)) return false;
    return fault.hits(this.#meetings.get(fault) ?? this.#meet(fault));
  }

  #meet(fault: ActiveFault): Meeting {
    const oldest = this.#meetings.size >= REMEMBERED_MAX ? this.#meetings.keys().next().value : undefined;
    if (oldest !== undefined) this.#meetings.delete(oldest);
    const meeting = fault.meet(this.#identity);
    this.#meetings.set(fault, meeting);
    return meeting;
  }

  #open(fault: ActiveFault, definition: TcpFault, at: { direction: FlowDirection; isNew: boolean; memory: StageMemory }): TcpTransform {
    const key = `${this.#identity.instance}#${this.#identity.connection}/${at.direction}`;
    const transform = definition.open(fault.params, {
      ...at,
      random: drawStream(fault.draw, key),
      sinceMs: fault.sinceMs,
      shared: (create) => fault.shared(`${this.#identity.link}/${at.direction}`, create),
    });
    return fault.spec.dataOnly ? dataOnly(transform) : transform;
  }
}

/** Begin and end of the stream go by, behind what is held before them. */
function dataOnly(transform: TcpTransform): TcpTransform {
  return (signal, effects) => {
    if (signal.kind === 'open' || signal.kind === 'end') effects.pass();
    else transform(signal, effects);
  };
}

/** A sink that writes down what reaches it, and pipelines that lead there. */
import type { Clock } from '../../src/core/clock.js';
import type { CompoundFault, FlowDirection, TcpFault, TcpFaultContext, TcpTransform } from '../../src/dataplane/faults/fault.js';
import { Pipeline, type PipelineSink, type StageSpec } from '../../src/dataplane/pipeline.js';

export class RecordingSink implements PipelineSink {
  /** In order: `open`, `data:TEXT`, `end`, `close`, `reset`, `broken`, `full`, `low`. */
  readonly log: string[] = [];
  readonly #chunks: Buffer[] = [];
  /** What `data` answers. */
  isReady = true;
  isFull = false;

  get bytes(): Buffer {
    return Buffer.concat(this.#chunks);
  }

  open(): void {
    this.log.push('open');
  }
  data(bytes: Buffer): boolean {
    this.#chunks.push(bytes);
    this.log.push(`data:${bytes.toString('latin1')}`);
    return this.isReady;
  }
  end(): void {
    this.log.push('end');
  }
  close(): void {
    this.log.push('close');
  }
  reset(): void {
    this.log.push('reset');
  }
  broken(): void {
    this.log.push('broken');
  }
  saturated(isFull: boolean): void {
    this.isFull = isFull;
    this.log.push(isFull ? 'full' : 'low');
  }
}

export function recordedPipeline(clock: Clock, heldBytesMax = 1024 * 1024): { pipeline: Pipeline; sink: RecordingSink } {
  const sink = new RecordingSink();
  return { pipeline: new Pipeline({ clock, heldBytesMax, sink }), sink };
}

/** A connection that a fault is opened on. Without more words: a new one, up, every draw in the middle. */
export function contextOf(given: Partial<Omit<TcpFaultContext, 'shared'>> = {}): TcpFaultContext {
  const shared = new Map<string, unknown>();
  return {
    direction: 'up',
    isNew: true,
    random: () => 0.5,
    memory: {},
    sinceMs: 1_000,
    shared: <T>(create: () => T) => {
      if (!shared.has('one')) shared.set('one', create());
      return shared.get('one') as T;
    },
    ...given,
  };
}

/** A stage of a transform written for a test. */
export function stage(id: string, transform: TcpTransform, { tickAtOnce = false } = {}): StageSpec {
  return { id, tickAtOnce, open: () => transform };
}

/** A stage that holds everything for so long. */
export function hold(id: string, delayMs: number): StageSpec {
  return stage(id, (_signal, effects) => effects.pass(delayMs));
}

/** A fault of the catalog as a stage, with params as a person writes them. */
export function faultStage(
  fault: TcpFault,
  { value, id = fault.name, ...context }: { value: unknown; id?: string } & Partial<TcpFaultContext>,
): StageSpec {
  return parsedStage(fault, { params: fault.schema.parse(value), id, ...context });
}

/** Likewise for a fault that may be made of others: the stages that it becomes in one direction. */
export function faultStages(
  fault: TcpFault | CompoundFault,
  { value, direction, ...context }: { value: unknown; direction: FlowDirection } & Partial<TcpFaultContext>,
): readonly StageSpec[] {
  if (!('parts' in fault)) return [faultStage(fault, { value, direction, ...context })];
  return fault
    .parts(fault.schema.parse(value))
    .filter((part) => part.direction === 'both' || part.direction === direction)
    .map(({ definition, params }) => parsedStage(definition, { params, id: definition.name, direction, ...context }));
}

function parsedStage(fault: TcpFault, { params, id, ...context }: { params: unknown; id: string } & Partial<TcpFaultContext>): StageSpec {
  const full: TcpFaultContext = { ...contextOf(), ...context };
  return {
    id,
    tickAtOnce: fault.actsAtOnce && !(full.isNew && full.direction === 'up'),
    ...(fault.actsOnRemoval && { tellsRemoval: true }),
    open: (memory) => fault.open(params as never, { ...full, memory }),
  };
}

export function data(text: string): { kind: 'data'; bytes: Buffer } {
  return { kind: 'data', bytes: Buffer.from(text, 'latin1') };
}

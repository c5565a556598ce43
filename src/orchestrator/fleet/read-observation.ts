/** An observation that came from another host: looked at before anybody believes it, and put on the clock of this one. */
import { z } from 'zod';
import { isExchange, objectionTo } from '../../journal/event-shape.js';
import { type Exchange, FAULT_ENDS, type Observation } from '../../journal/observations.js';

const faultSchema = z.looseObject({
  fault: z.string(),
  run: z.string(),
  change: z.enum(['applied', 'turned', 'changed', ...FAULT_ENDS]),
  atMs: z.number(),
  matched: z.number(),
  appliedCount: z.number(),
  skipped: z.number(),
});

const SHAPES: Readonly<Record<Observation['kind'], (given: Readonly<Record<string, unknown>>) => boolean>> = {
  // The cast is what `isExchange` is there to make true.
  exchange: (given) => isExchange(given as unknown as Exchange),
  connection: (given) => objectionTo({ ...given, type: 'connection' }) === undefined,
  fault: (given) => faultSchema.safeParse(given).success,
  // What people say, they say to the run itself.
  note: () => false,
  gate: () => false,
};

/** Undefined if it is none that an agent may send. */
export function readObservation(given: Readonly<Record<string, unknown>> | undefined): Observation | undefined {
  const kind = given?.['kind'];
  if (given === undefined || typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind)) return undefined;
  return SHAPES[kind as Observation['kind']](given) ? (given as unknown as Observation) : undefined;
}

/** As a clock would have shown it that is `offsetMs` ahead. */
export function shiftObservation(observation: Observation, offsetMs: number): Observation {
  switch (observation.kind) {
    case 'exchange': {
      const { startMs, requestEndMs, responseStartMs, endMs } = observation;
      return {
        ...observation,
        startMs: startMs + offsetMs,
        ...(requestEndMs !== undefined && { requestEndMs: requestEndMs + offsetMs }),
        ...(responseStartMs !== undefined && { responseStartMs: responseStartMs + offsetMs }),
        endMs: endMs + offsetMs,
      };
    }
    case 'connection':
      return { ...observation, startMs: observation.startMs + offsetMs, endMs: observation.endMs + offsetMs };
    default:
      return { ...observation, atMs: observation.atMs + offsetMs };
  }
}

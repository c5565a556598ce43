/** An observation that came from another host: looked at before anybody believes it, and put on the clock of this one. */
import { z } from 'zod';
import { isExchange, objectionTo } from '../../journal/event-shape.js';
import { type Connection, type Exchange, FAULT_ENDS, type FaultChange, type Observation } from '../../journal/observations.js';

/** What agents send. What people say, they say to the run itself. */
export type ShippedObservation = Exchange | Connection | FaultChange;

const faultSchema = z.looseObject({
  fault: z.string(),
  run: z.string(),
  change: z.enum(['applied', 'turned', 'changed', ...FAULT_ENDS]),
  atMs: z.number(),
  matched: z.number(),
  appliedCount: z.number(),
  skipped: z.number(),
});

const SHAPES: Readonly<Record<ShippedObservation['kind'], (given: Readonly<Record<string, unknown>>) => boolean>> = {
  // The cast is what `isExchange` is there to make true.
  exchange: (given) => isExchange(given as unknown as Exchange),
  connection: (given) => objectionTo({ ...given, type: 'connection' }) === undefined,
  fault: (given) => faultSchema.safeParse(given).success,
};

export function isShipped(observation: Observation): observation is ShippedObservation {
  return Object.hasOwn(SHAPES, observation.kind);
}

/** Undefined if it is none that an agent may send. */
export function readObservation(given: Readonly<Record<string, unknown>> | undefined): ShippedObservation | undefined {
  const kind = given?.['kind'];
  if (given === undefined || typeof kind !== 'string' || !Object.hasOwn(SHAPES, kind)) return undefined;
  return SHAPES[kind as ShippedObservation['kind']](given) ? (given as unknown as ShippedObservation) : undefined;
}

/** As a clock would have shown it that is `offsetMs` ahead. */
export function shiftObservation(observation: ShippedObservation, offsetMs: number): ShippedObservation {
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
    case 'fault':
      return { ...observation, atMs: observation.atMs + offsetMs };
  }
}

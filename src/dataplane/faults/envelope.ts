/**
 * How strong a fault is at what time: its percentage, which may ramp, and its pulse, which takes it off and puts it on again. Pure: what it says
 * depends on nothing but how long the fault has been on, so that all connections of all replicas are at the same place.
 */
import { z } from 'zod';
import { duration, percentage } from '../../core/units.js';

/** Turns come no faster, so that a pulse over thousands of connections is not all that a daemon does. */
const TURN_MS_MIN = 10;

export const pulseSchema = z
  .strictObject({
    active: duration({ minMs: TURN_MS_MIN }).meta({ description: 'how long it is on, like 5s' }),
    dormant: duration({ minMs: TURN_MS_MIN }).meta({ description: 'how long it is off, like 10s' }),
  })
  .meta({ description: 'on and off in turn, beginning with on; what it held goes on when it is off, as if it had been removed' });
export type Pulse = z.output<typeof pulseSchema>;

export const rampSchema = z
  .strictObject({
    from: percentage().default(0).meta({ description: 'the first percentage' }),
    to: percentage().default(100).meta({ description: 'the last one, which stays' }),
    step: percentage()
      .refine((percent) => percent > 0, 'expected more than 0')
      .meta({ description: 'by how much it changes each time, like 10' }),
    every: duration({ minMs: TURN_MS_MIN }).meta({ description: 'how long each percentage lasts, like 30s' }),
  })
  .meta({
    description: 'a percentage that changes step by step, in place of `percentage`; who was hit at 10 % is among those hit at 20 %',
  });
export type Ramp = z.output<typeof rampSchema>;

export interface Envelope {
  percentage: number;
  pulse?: Pulse | undefined;
  ramp?: Ramp | undefined;
}

export interface Level {
  /** False while the pulse has it off. */
  isOn: boolean;
  /** 0…100. */
  percentage: number;
  /** So long after the fault was added, something of this changes; Infinity: never. */
  turnsAfterMs: number;
}

/** The level `elapsedMs` after the fault was added. */
export function levelAt({ percentage: steady, pulse, ramp }: Envelope, elapsedMs: number): Level {
  const pulsed = pulse === undefined ? { isOn: true, turnsAfterMs: Number.POSITIVE_INFINITY } : pulseAt(pulse, elapsedMs);
  const ramped = ramp === undefined ? { percentage: steady, turnsAfterMs: Number.POSITIVE_INFINITY } : rampAt(ramp, elapsedMs);
  return {
    isOn: pulsed.isOn,
    percentage: ramped.percentage,
    turnsAfterMs: Math.min(pulsed.turnsAfterMs, ramped.turnsAfterMs),
  };
}

function pulseAt({ active: activeMs, dormant: dormantMs }: Pulse, elapsedMs: number): Omit<Level, 'percentage'> {
  const periodMs = activeMs + dormantMs;
  const startMs = Math.floor(elapsedMs / periodMs) * periodMs;
  const isOn = elapsedMs < startMs + activeMs;
  return { isOn, turnsAfterMs: startMs + (isOn ? activeMs : periodMs) };
}

function rampAt({ from, to, step, every: everyMs }: Ramp, elapsedMs: number): Omit<Level, 'isOn'> {
  const stepsMax = Math.ceil(Math.abs(to - from) / step);
  const steps = Math.floor(elapsedMs / everyMs);
  if (steps >= stepsMax) return { percentage: to, turnsAfterMs: Number.POSITIVE_INFINITY };
  return { percentage: from + Math.sign(to - from) * steps * step, turnsAfterMs: (steps + 1) * everyMs };
}

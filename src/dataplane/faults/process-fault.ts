/**
 * The shape of a fault on the processes of instances. Pure: it says what is to be done to a process, and the orchestrator does it. A reader would get
 * wrong where it is on: no link carries it, and the daemon never hears of it; whoever calls such an instance meets what is left of it.
 */
import type { z } from 'zod';
import type { Definition } from '../../core/catalog.js';
import type { Harm } from './harm.js';

/** `hold`: the process runs for so much of the time, 0 for not at all. `kill`: it is ended at once, and started again afterwards, or not. */
export type ProcessAct = { kind: 'hold'; runPercent: number } | { kind: 'kill'; startsAgain: boolean };

export interface ProcessFault<S extends z.ZodObject = z.ZodObject> extends Definition {
  readonly protocol: 'process';
  readonly schema: S;
  readonly example: z.input<S>;
  act(params: z.output<S>): ProcessAct;
  /** What a request to such an instance lives through, where that is sure. */
  harm?(params: z.output<S>): Harm | undefined;
}

export function defineProcessFault<S extends z.ZodObject>(fault: Omit<ProcessFault<S>, 'protocol'>): ProcessFault<S> {
  return { protocol: 'process', ...fault };
}

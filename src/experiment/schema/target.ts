/** `target:` — the links that a fault acts on, chosen by their ends; or, for faults on whole groups, `among` and `select`. */
import { z } from 'zod';
import type { Direction } from '../../dataplane/faults/fault.js';
import { faultFields } from '../../dataplane/faults/spec.js';
import { type SelectorText, selectorSchema } from './selector.js';

const WORDS = { request: 'up', response: 'down' } as const;

/** `up` and `down`, or what travels there. */
export const directionSchema = () =>
  z
    .enum(['up', 'down', 'both', 'request', 'response'])
    .transform((word): Direction => (word === 'request' || word === 'response' ? WORDS[word] : word))
    .optional()
    .meta({
      description: 'up or request: caller → callee; down or response: callee → caller; both; the fault’s own default if omitted',
    });

export const connectionsSchema = () =>
  faultFields.connections
    .unwrap()
    .optional()
    .meta({ description: 'connections opened before or after the fault was added; all if omitted' });

export interface TargetText {
  from: SelectorText;
  to: SelectorText;
}

const ends = {
  from: selectorSchema('caller'),
  to: selectorSchema('callee'),
};

export const linksTarget = z.strictObject(ends);

/** The two that stand here belong to the fault as much as to its target, and are taken from either place. */
export const targetSchema = z.strictObject({ ...ends, direction: directionSchema(), connections: connectionsSchema() });

export const groupFields = {
  among: z.string().optional().meta({ description: 'in place of a target: the service whose instances are parted' }),
  select: selectorSchema('with `among`, those who come to the chosen side')
    .optional()
    .meta({ description: 'with `among`: those who come to the side that is cut off; drawn by the seed if omitted' }),
};

export const resolveField = z.enum(['start', 'live']).default('start').meta({
  description:
    'when roles are asked for: once, as the method starts, or live, as the fault starts; all else is decided by the seed before the run',
});

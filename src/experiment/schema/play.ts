/**
 * `play:` — a system that people try things on by themselves: what they are told, and what its instances are asked to say of themselves while it goes on.
 * It changes nothing about the run but these questions, which go past the links.
 */
import { z } from 'zod';
import { faultFields } from '../../dataplane/faults/spec.js';
import { name } from './words.js';

const sentences = (what: string) => z.array(z.string().trim().min(1).max(500)).max(20).default([]).meta({ description: what });

const wordsSchema = z.strictObject({
  service: name().meta({ description: 'every instance of it is asked once a second' }),
  path: z.string().regex(/^\//, 'expected a path that begins with /').meta({ description: 'what it answers with JSON, like /role' }),
  show: z.array(z.string().min(1).max(40)).min(1).max(6).meta({ description: 'keys of that JSON, like [role, term]' }),
});

const defenceSchema = z.strictObject({
  input: name().meta({ description: 'one of `inputs`' }),
  values: z
    .array(z.string().min(1).max(40))
    .min(2)
    .max(10)
    .optional()
    .meta({ description: 'what it may be set to; all that it may be if left out, which takes an enum or true and false' }),
});

const actSchema = z.strictObject({
  service: name().meta({ description: 'each of its instances gets a button' }),
  from: name().optional().meta({ description: 'only the links that come from this service; all that lead to the instance if left out' }),
  does: z.string().trim().min(1).max(40).meta({ description: 'what the button says, like Set its clock ahead' }),
  undoes: z.string().trim().min(1).max(40).meta({ description: 'what it says while the fault is on' }),
  fault: z.strictObject({
    type: faultFields.type,
    value: z.unknown().optional().meta({ description: 'parameters of the fault' }),
    percentage: z.number().min(0).max(100).optional().meta({ description: 'share of what matches, 0…100' }),
  }),
});

export const playSchema = z
  .strictObject({
    about: z.string().trim().min(1).max(2_000).meta({ description: 'what this system is, in a few sentences' }),
    watch: sentences('what there is to see'),
    tryThis: sentences('what to do, and what should come of it'),
    words: z.array(wordsSchema).max(10).default([]).meta({ description: 'what instances say of themselves' }),
    counts: z
      .array(z.strictObject({ from: name(), to: name() }))
      .max(10)
      .default([])
      .meta({ description: 'services between which it is counted what was accepted and what was refused' }),
    defences: z
      .array(defenceSchema)
      .max(10)
      .default([])
      .meta({ description: 'inputs that people switch: the system is begun again with another value' }),
    acts: z.array(actSchema).max(10).default([]).meta({ description: 'faults of one click, beside those that every instance has' }),
  })
  .meta({ description: 'for `faultlab lab play`: what people are told who try things on the system' });

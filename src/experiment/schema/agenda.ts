/**
 * A game day of several experiments, which stay files of their own. What a reader gets wrong: acts share one run and one system; what stands here are
 * runs, each with its own services, journal and verdict.
 */
import { z } from 'zod';
import { API_VERSION, metadata } from './experiment.js';
import { peopleFields } from './game-day.js';
import { name, processText } from './words.js';

const EXPERIMENTS_MAX = 100;

const entry = z
  .union([
    z.string().min(1),
    z.strictObject({
      file: z.string().min(1).meta({ description: 'at or below the folder of this file' }),
      vars: z.record(name(), processText()).default({}).meta({ description: 'values of its inputs; --var counts more' }),
    }),
  ])
  .transform((given) => (typeof given === 'string' ? { file: given, vars: {} } : given));

export const agendaSchema = z
  .strictObject({
    apiVersion: z.literal(API_VERSION).meta({ description: 'version of this language' }),
    kind: z.literal('GameDay').meta({ description: 'one experiment after the other, with people' }),
    metadata: metadata.meta({ description: 'what people call it' }),
    ...peopleFields,
    experiments: z.array(entry).min(1).max(EXPERIMENTS_MAX).meta({
      description:
        'in this order, each a run of its own; the rest is left out after one that was not well before, was stopped or left something behind',
    }),
  })
  .meta({ title: 'agenda', description: 'A game day of several experiments.' });

export type AgendaText = z.output<typeof agendaSchema>;

/** A detector and its settings as people write them: `phiAccrual: {threshold: 8}`. Only those that can do with the answers of ordinary requests. */
import assert from 'node:assert/strict';
import { z } from 'zod';
import { detectors } from './catalog.js';
import type { Watch } from './detector.js';

export interface ChosenDetector {
  /** A member of the catalog. */
  detector: string;
  /** As its schema understands them. */
  params: unknown;
}

/** Requests carry no numbers of heartbeats, and no opinions of other observers. */
const usable = detectors.all.filter(({ hears, isNumbered }) => isNumbered !== true && hears.some((kind) => kind !== 'opinion'));

const variants = usable.map(({ name, schema, summary }) =>
  z
    .strictObject({ [name]: schema })
    .transform((given): ChosenDetector => ({ detector: name, params: (given as Readonly<Record<string, unknown>>)[name] }))
    .meta({ description: summary }),
);

export const detectorChoice = z.union(variants);

export interface OpenWatch {
  watch: Watch;
  /** It is told how its own questions were answered, and not when heartbeats come. */
  asks: boolean;
}

export function openWatch({ detector, params }: ChosenDetector, startMs: number): OpenWatch {
  const found = detectors.get(detector);
  assert(found !== undefined, `${detector} is a detector`);
  return { watch: found.open(params, startMs), asks: !found.hears.includes('heartbeat') };
}

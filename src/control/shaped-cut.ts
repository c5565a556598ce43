/**
 * A partition by its shape, for who does it by hand: which of the links that he sees would be cut, and with which fault. What a reader would get wrong: nothing
 * is put on by it. What it says is put on like any other fault by hand, and undone like one.
 */
import { z } from 'zod';
import { LabError } from '../core/errors.js';
import { keyedDraw } from '../core/random.js';
import { partition } from '../dataplane/faults/topology/partition.js';
import type { WireFault } from '../dataplane/faults/topology-fault.js';

const name = z.string().min(1).max(500);

export const shapedCutSchema = z.strictObject({
  ...partition.schema.shape,
  among: z.array(name).min(2).max(100).meta({ description: 'instances that are parted' }),
  select: z.array(name).max(100).default([]).meta({ description: 'those of them that come first to the chosen side' }),
  links: z
    .array(z.strictObject({ name, from: name, to: name }))
    .max(10_000)
    .meta({ description: 'who calls whom' }),
  seed: z.int().default(0).meta({ description: 'of the chance by which the others are chosen' }),
});

/** Throws FAULT_INVALID where the shape does not fit those who are named, or cuts nothing. */
export function shapedCut({ among, select, links, seed, ...params }: z.output<typeof shapedCutSchema>): WireFault {
  const draw = keyedDraw({ seed, faultId: 'by hand' });
  const scope = { kind: 'group', members: among, selected: select } as const;
  const cut = partition.expand(params, { scope, all: links, draw: (member) => draw(`shape:${member}`, 0) });
  if ('problem' in cut) throw new LabError('FAULT_INVALID', { fault: partition.name, problems: cut.problem });
  return cut;
}

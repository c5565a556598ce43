/** Batches into a folder that agents and orchestrator share. A file is there as a whole or not at all. */
import { mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathOfBatch } from '../../orchestrator/fleet/batch.js';
import type { Carry } from './carrier.js';

export function folderCarrier(folder: string): Carry {
  return async (segment) => {
    const file = join(folder, pathOfBatch(segment, segment.batch));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, segment.bytes);
    await rename(`${file}.part`, file);
  };
}

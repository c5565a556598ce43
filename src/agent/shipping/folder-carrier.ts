/**
 * Batches into a folder that agents and orchestrator share. A file is there as a whole or not at all. What a reader gets wrong: the folder itself is never made, because
 * one that is not there is a share that is not mounted, and what is put below would reach nobody.
 */
import { access, constants, mkdir, rename, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathOfBatch } from '../../orchestrator/fleet/batch.js';
import type { Carry } from './carrier.js';

export function folderCarrier(folder: string): Carry {
  return async (segment) => {
    await access(folder, constants.W_OK);
    const file = join(folder, pathOfBatch(segment, segment.batch));
    await mkdir(dirname(file), { recursive: true });
    await writeFile(`${file}.part`, segment.bytes);
    await rename(`${file}.part`, file);
  };
}

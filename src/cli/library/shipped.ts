/** The experiments that come with the program, as whoever chooses one wants to see them. Files that only hold parts of others are left out. */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { ShippedAnswer } from '../../control/library/contract.js';
import { LabError } from '../../core/errors.js';
import { listed } from '../../core/suggest.js';
import { type Declared, declaredBy } from '../../experiment/declared.js';

export async function shipped(folder: string): Promise<ShippedAnswer['experiments']> {
  const found: (Declared & { file: string })[] = [];
  for (const file of await filesUnder(folder)) {
    const declared = declaredBy({ text: await readFile(join(folder, file), 'utf8'), file });
    if (declared.kind !== '') found.push({ ...declared, file });
  }
  return found;
}

/** Rejects with FILE_UNREADABLE for a name that is not among them. */
export async function shippedPath(folder: string, file: string): Promise<string> {
  const files = await filesUnder(folder);
  if (!files.includes(file)) throw new LabError('FILE_UNREADABLE', { file, reason: `expected one that is shipped: ${listed(files)}` });
  return join(folder, file);
}

/** Those of the folder first, then those of each folder in it. */
async function filesUnder(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const own = entries.filter((entry) => entry.isFile() && isExperiment(entry.name)).map(({ name }) => name);
  const below: string[] = [];
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    const names = (await readdir(join(folder, name))).filter(isExperiment);
    below.push(...names.map((one) => `${name}/${one}`));
  }
  return [...own.sort(), ...below.sort()];
}

function isExperiment(name: string): boolean {
  return /\.ya?ml$/.test(name);
}

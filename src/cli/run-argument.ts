/** Finds the run that a person means: its id, a unique beginning of it, `last`, or the path of its folder. */

import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { LabError } from '../core/errors.js';
import { listed } from '../core/suggest.js';
import { listRuns, RunFolder } from '../journal/store.js';

/** Rejects with RUN_UNKNOWN. */
export async function findRun(name: string, folder: string): Promise<RunFolder> {
  if (existsSync(join(name, 'journal.jsonl'))) return new RunFolder(dirname(name), basename(name));
  const runs = await listRuns(folder);
  const found = name === 'last' ? runs.slice(0, 1) : runs.filter((run) => run === name || run.startsWith(name));
  const [only] = found;
  if (only === undefined || found.length > 1) throw unknownRun(name, { folder, found });
  return new RunFolder(folder, only);
}

/** Names that are none, as the end of `there is no run …`. */
const WORDS: Readonly<Record<string, string>> = { last: 'at all', 'last-pass': 'that has passed' };

/** RUN_UNKNOWN for a name that no run has, or that several begin with. */
export function unknownRun(run: string, { folder, found }: { folder: string; found: readonly string[] }): LabError {
  const named = WORDS[run] ?? `"${run}"`;
  return new LabError('RUN_UNKNOWN', { run: named, folder, ...(found.length > 1 && { several: listed(found) }) });
}

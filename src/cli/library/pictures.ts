/** Pictures that can be looked at: those that are drawn from a run's journal, and SVG files that somebody has put beside the runs, of detectors for example. */
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { PictureHead, PicturesAnswer } from '../../control/library/contract.js';
import { LabError } from '../../core/errors.js';
import { picturesOf, type Scheme } from '../../reports/page/pictures.js';
import type { Report } from '../../reports/reporter.js';

const FILES_MAX = 100;
const FILE_BYTES_MAX = 5 * 1024 * 1024;

/** With a run: its own beside the files in its folder. */
export async function pictureList(folder: string, of?: { run: string; report: Report }): Promise<PicturesAnswer> {
  const prefix = of === undefined ? 'pictures' : `${encodeURIComponent(of.run)}/pictures`;
  const path = (name: string): string => `${prefix}/${encodeURIComponent(name)}`;
  const drawn =
    of === undefined ? [] : picturesOf(of.report).map(({ name, title, kind }): PictureHead => ({ path: path(name), title, kind }));
  const files = (await filesIn(folder)).map((name): PictureHead => ({ path: path(name), title: name, kind: 'file' }));
  return { pictures: [...drawn, ...files], folder };
}

/** Undefined: the run has none of that name. */
export function runPicture(report: Report, { name, scheme }: { name: string; scheme?: Scheme | undefined }): string | undefined {
  return picturesOf(report)
    .find((one) => one.name === name)
    ?.draw(scheme);
}

/** Rejects with PICTURE_UNKNOWN for a name that the folder does not list. */
export async function fileOf(folder: string, name: string): Promise<string> {
  const path = join(folder, name);
  const isListed = (await filesIn(folder)).includes(name);
  if (!isListed || (await stat(path)).size > FILE_BYTES_MAX)
    throw new LabError('PICTURE_UNKNOWN', { picture: name, where: isListed ? `of at most ${FILE_BYTES_MAX} bytes` : `in ${folder}` });
  return readFile(path, 'utf8');
}

async function filesIn(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile() && entry.name.endsWith('.svg')).map(({ name }) => name);
  return names.sort().slice(0, FILES_MAX);
}

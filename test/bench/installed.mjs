/** Which programs are there: looked for along PATH and where Debian puts servers, which is not on everybody's PATH. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

/** Full path of a program, or undefined. */
export function whereIs(program) {
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The first version number in what a program says of itself, on either output. */
export async function programVersion(program, args) {
  const { stdout, stderr } = await run(program, args);
  return /\d+\.\d+[\w.+-]*/.exec(stdout + stderr)?.[0] ?? 'of unknown version';
}

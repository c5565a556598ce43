/**
 * The wall clock of a process, by libfaketime: a library that is loaded before all others and adds to the date what a file says. A reader would get
 * wrong that it works on every program: one that calls the kernel by itself, as those of Go do, or that is linked statically, never meets it.
 */
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LabError } from '../../core/errors.js';

/** The variant for programs with threads, which every Node program is. */
const LIBRARY = 'libfaketimeMT.so.1';
/** Where distributions and `make install` put it; `*` stands for the machine's own folder, like x86_64-linux-gnu. */
const PLACES = ['/usr/lib/*/faketime', '/usr/lib/faketime', '/usr/lib64/faketime', '/usr/local/lib/faketime', '/usr/local/lib/*/faketime'];
/** Names the library where it is elsewhere. */
const LIBRARY_VARIABLE = 'FAULTLAB_FAKETIME';
/** What the file says of a clock that nothing is wrong with; an offset of zero is written otherwise, so that the two can be told apart. */
const RIGHT = '+0\n';

/** The path of the library. Throws FAKETIME_MISSING. `named` is looked at alone; `places` are the machine's. */
export function findFaketime(named = process.env[LIBRARY_VARIABLE], places: readonly string[] = PLACES): string {
  const candidates = named === undefined ? places.flatMap(expanded).map((place) => join(place, LIBRARY)) : [named];
  const found = candidates.find((path) => existsSync(path));
  if (found === undefined) throw new LabError('FAKETIME_MISSING', { looked: named === undefined ? places : [named] });
  return found;
}

/** What a process is to be started with, so that its clock follows `file`. `preloaded` are libraries that it loads first anyway. */
export function steeredBy(file: string, { library, preloaded = '' }: { library: string; preloaded?: string | undefined }) {
  return {
    LD_PRELOAD: preloaded === '' ? library : `${library}:${preloaded}`,
    FAKETIME_TIMESTAMP_FILE: file,
    // Without it a change is noticed after ten seconds. It costs about 4 µs each time that the process asks for the date.
    FAKETIME_NO_CACHE: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
}

/** From the next look at it on, clocks that follow the file are so far ahead, or right. Replaced in one step: nobody reads half a number. */
export function setClock(file: string, offsetMs: number | 'right'): void {
  writeFileSync(`${file}.new`, offsetMs === 'right' ? RIGHT : clockText(offsetMs));
  renameSync(`${file}.new`, file);
}

/** Seconds, with their sign. Rates are never written: libfaketime bends timers with them. */
export function clockText(offsetMs: number): string {
  return `${offsetMs < 0 ? '-' : '+'}${(Math.abs(offsetMs) / 1_000).toFixed(6)}\n`;
}

/** True where something is wrong with the clock, if only at times. */
export function isSkewed(file: string): boolean {
  try {
    return readFileSync(file, 'latin1') !== RIGHT;
  } catch {
    return false;
  }
}

/** Whether the process has loaded the library: if not, no file changes its clock. */
export function hasSteeredClock(pid: number): boolean {
  try {
    return readFileSync(`/proc/${pid}/maps`, 'latin1').includes('libfaketime');
  } catch {
    return false;
  }
}

/** The library leaves two small files in memory behind for a process that was killed. */
export function forgetClockOf(pid: number): void {
  for (const name of [`faketime_shm_${pid}`, `sem.faketime_sem_${pid}`]) rmSync(join('/dev/shm', name), { force: true });
}

function expanded(place: string): readonly string[] {
  const [before = '', after] = place.split('/*');
  if (after === undefined) return [place];
  try {
    return readdirSync(before).map((name) => join(before, name, after));
  } catch {
    return [];
  }
}

/**
 * What is wrong with an experiment, in the form a person can act on: file, line, column, the place in the document, what was expected and what
 * was found, with a caret under it. All problems of a file are reported together, in the order of the file.
 */
import { type Path, wherePath } from '../core/document-path.js';
import { LabError } from '../core/errors.js';
import type { Explanation } from '../core/explain.js';

export interface Problem extends Omit<Explanation, 'path'> {
  /** Undefined: it is not about a place in the file (a `--var`, say). */
  path?: Path;
  /** The part of the value to point at. */
  part?: string;
}

/** A place in the text. Line and column count from 1. */
export interface Place {
  file: string;
  offset: number;
  line: number;
  column: number;
  /** The whole line. */
  text: string;
  /** Characters to underline, at least 1, never beyond the line. */
  length: number;
}

/** Knows where in its file each part of the document stands. */
export interface Source {
  /** The file that was asked for; parts of the document may stand in files that it includes. */
  readonly file: string;
  /** Whether the whole path is there. */
  holds(path: Path): boolean;
  /** The place of a path, or of its nearest ancestor that exists. */
  place(path: Path, options?: { at?: 'key' | 'value' | undefined; part?: string | undefined }): Place;
}

/** How later stages report: they go on after a problem, so that all are found in one go. */
export type Complain = (path: Path, message: string, options?: { at?: 'key' | 'value'; part?: string }) => void;

/** Problems beyond this number are counted, not printed. */
export const PROBLEMS_MAX = 50;
const LINE_LENGTH_MAX = 160;

/** PLAN_INVALID with every problem, each as `file:line:col  where: message` and the line with a caret under the place. */
export function planInvalid(source: Source, problems: readonly Problem[]): LabError {
  const placed = problems.map((problem) => ({ problem, place: problem.path && source.place(problem.path, problem) }));
  const later = (place: Place | undefined): number => (place === undefined || place.file === source.file ? 0 : 1);
  placed.sort((a, b) => later(a.place) - later(b.place) || (a.place?.offset ?? -1) - (b.place?.offset ?? -1));
  const texts = placed.map(({ problem, place }) =>
    place === undefined ? problem.message : renderProblem(place, `${wherePath(problem.path ?? [])}: ${problem.message}`),
  );
  const unique = [...new Set(texts)];
  const shown = unique.slice(0, PROBLEMS_MAX);
  if (unique.length > shown.length) shown.push(`… and ${unique.length - shown.length} more`);
  return new LabError('PLAN_INVALID', { problems: shown.join('\n'), count: unique.length });
}

/** One problem at a place: a line of text, the line of the file, and a caret. */
export function renderProblem(place: Place, message: string): string {
  const head = `${place.file}:${place.line}:${place.column}  ${message}`;
  if (place.text.trim() === '') return head;
  // A long line is cut around the place, so that the caret stays in view.
  const from = place.column > LINE_LENGTH_MAX / 2 && place.text.length > LINE_LENGTH_MAX ? place.column - 1 - LINE_LENGTH_MAX / 2 : 0;
  const line = place.text.slice(from, from + LINE_LENGTH_MAX).replaceAll('\t', ' ');
  const lead = ' '.repeat(place.column - 1 - from);
  const carets = '^'.repeat(Math.max(1, Math.min(place.length, line.length - lead.length)));
  return `${head}\n    ${line}\n    ${lead}${carets}`;
}

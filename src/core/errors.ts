/**
 * Every failure that we can name, as it is thrown. Callers match on `code`, never on the class or the words; what each code says stands in
 * error-table.ts.
 */
import { type Details, EXIT, type Row } from './error-row.js';
import { TABLE } from './error-table.js';

export { type Details, EXIT } from './error-row.js';

export type ErrorCode = keyof typeof TABLE;

/** The table's codes, for the parity test between code and documentation. */
export const errorCodes = Object.keys(TABLE) as readonly ErrorCode[];

/** A failure of operation: something outside did not go as asked. `message` is the whole sentence, `hint` what to do next. */
export class LabError extends Error {
  readonly code: ErrorCode;
  readonly details: Details;
  readonly hint: string | undefined;
  readonly exit: number;
  readonly status: number;

  constructor(code: ErrorCode, details: Details, options?: { cause?: unknown }) {
    const entry: Row = TABLE[code];
    super(entry.message(details), options);
    this.name = 'LabError';
    this.code = code;
    this.details = details;
    this.hint = entry.hint?.(details);
    this.exit = entry.exit;
    this.status = entry.status;
  }
}

/** The exit code of a failure that is known by its code only, from a journal for example; a code that is not in the table is our own fault. */
export function exitOfCode(code: string): number {
  return Object.hasOwn(TABLE, code) ? TABLE[code as ErrorCode].exit : EXIT.internal;
}

/** The message of anything that was thrown. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof LabError) return error.message;
  const code = (error as NodeJS.ErrnoException).code;
  return code && !error.message.includes(code) ? `${error.message || error.name} (${code})` : error.message || code || error.name;
}

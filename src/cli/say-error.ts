/** A failure as a person sees it: the sentence, what to do next, and the exit code of the error table. Anything else is our own fault and shows its stack. */
import { EXIT, LabError, reasonOf } from '../core/errors.js';
import type { CliContext } from './command.js';

export function sayError(context: Pick<CliContext, 'warn'>, error: unknown): number {
  if (error instanceof LabError) {
    context.warn(`faultlab: ${error.message}`);
    if (error.hint) context.warn(`  hint: ${error.hint}`);
    return error.exit;
  }
  context.warn(`faultlab: this is a mistake of ours: ${error instanceof Error ? (error.stack ?? error.message) : reasonOf(error)}`);
  return EXIT.internal;
}

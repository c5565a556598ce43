/** What `serve --ui` and `run --ui` put behind the page's views of runs and experiments. */
import { join } from 'node:path';
import type { Library } from '../../control/library/library.js';
import { RunStarter } from '../../control/library/run-starter.js';
import type { CliContext } from '../command.js';
import { ThreadClerk } from './clerk.js';

export interface LibraryOptions {
  /** Where run folders are. */
  runs: string;
  /** The page may start experiments, and so whatever programs they name. */
  allowRuns?: boolean | undefined;
  tokenFile?: string | undefined;
}

/** Whoever opens it disposes of it before the daemon: a run that was started from here heals first. */
export function openLibrary(
  { clock, self, labFolder }: Pick<CliContext, 'clock' | 'self' | 'labFolder'>,
  { runs, allowRuns, tokenFile }: LibraryOptions,
): Library & AsyncDisposable {
  const clerk = new ThreadClerk({ runs, experiments: join(labFolder, '..', '..', 'experiments') }, clock);
  const starter = allowRuns === true ? new RunStarter({ clock, self, runs, tokenFile }) : undefined;
  return {
    clerk,
    starter,
    async [Symbol.asyncDispose]() {
      await starter?.[Symbol.asyncDispose]();
      await clerk[Symbol.asyncDispose]();
    },
  };
}

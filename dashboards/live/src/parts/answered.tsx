/** What a view shows while it waits for an answer, and where it got none. */
import type { ComponentChildren } from 'preact';
import { RequestFailed } from '../wire/request.js';
import type { Answered as AnswerState } from '../wire/use-answer.js';
import { Failure } from './failure.js';

export function Answered<T>({ answer, children }: { answer: AnswerState<T>; children: (data: T) => ComponentChildren }) {
  if (answer.kind === 'asking')
    return (
      <p class="soft" role="status">
        Asking the daemon…
      </p>
    );
  if (answer.kind === 'there') return <>{children(answer.data)}</>;
  if (answer.error instanceof RequestFailed && answer.error.code === 'NOT_FOUND') return <NoLibrary />;
  return <Failure of={answer.error} />;
}

/** A daemon tells of runs only if it was told where they are. */
function NoLibrary() {
  return (
    <div class="empty">
      <p>This daemon was not told where run folders are, so it tells of none.</p>
      <p>
        Start it with <code>faultlab serve --ui --runs runs</code>.
      </p>
    </div>
  );
}

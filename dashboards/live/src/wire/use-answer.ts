/** What the daemon answers to one question, for as long as a view asks it. A question that changes is asked anew, and the answer to the old one is not waited for. */
import { useCallback, useEffect, useState } from 'preact/hooks';
import { ask } from './request.js';
import { isTokenNeeded } from './token.js';

export type Answered<T> = { kind: 'asking' } | { kind: 'there'; data: T } | { kind: 'failed'; error: unknown };

/** `path` undefined: there is nothing to ask yet. `again` asks once more; until then what was there stays. */
export function useAnswer<T>(path: string | undefined): { answer: Answered<T>; again: () => void } {
  const [state, setState] = useState<{ path: string | undefined; answer: Answered<T> }>({ path, answer: { kind: 'asking' } });
  const [times, setTimes] = useState(0);
  // Somebody has given the token that was missing.
  const isRefused = isTokenNeeded.value;
  useEffect(() => {
    if (path === undefined) return;
    const over = new AbortController();
    ask<T>(path, { signal: over.signal }).then(
      (data) => setState({ path, answer: { kind: 'there', data } }),
      (error: unknown) => {
        if (!over.signal.aborted) setState({ path, answer: { kind: 'failed', error } });
      },
    );
    return () => over.abort();
  }, [path, times, isRefused]);
  const again = useCallback(() => setTimes((before) => before + 1), []);
  return { answer: state.path === path ? state.answer : { kind: 'asking' }, again };
}

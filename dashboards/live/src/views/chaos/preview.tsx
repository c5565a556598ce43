/** What the fault in the form would meet, asked again a moment after it was changed. */
import { useEffect, useState } from 'preact/hooks';
import { Failure } from '../../parts/failure.js';
import { ask } from '../../wire/request.js';
import type { HandSpec } from './acts.js';
import { type Preview, previewWords } from './preview-words.js';

/** While somebody types, nobody is asked. */
const QUIET_MS = 400;

type Told = { kind: 'asking' } | { kind: 'told'; preview: Preview } | { kind: 'refused'; error: unknown };

export function FaultPreview({ fault }: { fault: Omit<HandSpec, 'id'> }) {
  const [told, setTold] = useState<Told>({ kind: 'asking' });
  const text = JSON.stringify(fault);
  useEffect(() => {
    const over = new AbortController();
    const timer = setTimeout(() => {
      const body = { fault: { ...(JSON.parse(text) as object), id: 'preview' } };
      ask<Preview>('/v1/hand/preview', { method: 'POST', body, signal: over.signal }).then(
        (preview) => setTold({ kind: 'told', preview }),
        (error: unknown) => {
          if (!over.signal.aborted) setTold({ kind: 'refused', error });
        },
      );
    }, QUIET_MS);
    return () => {
      clearTimeout(timer);
      over.abort();
    };
  }, [text]);
  if (told.kind === 'refused') return <Failure of={told.error} />;
  return (
    <p class="soft preview" role="status">
      {told.kind === 'asking' ? 'Looking at what crosses…' : previewWords(told.preview)}
    </p>
  );
}

/** An SVG that the daemon draws, in the colours of the page. Shown as an image, in which nothing can run, whoever chose the names in it. */
import { useEffect, useState } from 'preact/hooks';
import { isDark } from '../shell/theme.js';
import { send } from '../wire/request.js';
import { Failure } from './failure.js';

interface PictureOfProps {
  path: string;
  /** What it shows, for who does not see it. */
  says: string;
  /** As wide as the page; on a phone it scrolls. */
  isWide?: boolean;
}

export function PictureOf({ path, says, isWide = false }: PictureOfProps) {
  const [source, setSource] = useState<string | undefined>(undefined);
  const [failure, setFailure] = useState<unknown>(undefined);
  const scheme = isDark.value ? 'dark' : 'light';
  useEffect(() => {
    const over = new AbortController();
    send(`${path}?scheme=${scheme}`, { signal: over.signal })
      .then((response) => response.text())
      .then((svg) => setSource(`data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`))
      .catch((error: unknown) => {
        if (!over.signal.aborted) setFailure(error);
      });
    return () => over.abort();
  }, [path, scheme]);
  if (failure !== undefined) return <Failure of={failure} />;
  if (source === undefined) return <p class="soft">Drawing…</p>;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label={says}>
      <img class={isWide ? 'picture wide' : 'picture'} src={source} alt={says} />
    </section>
  );
}

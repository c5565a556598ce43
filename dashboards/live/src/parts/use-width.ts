/** The width of an element as it is now, for what is drawn to fit. */
import type { RefCallback } from 'preact';
import { useLayoutEffect, useState } from 'preact/hooks';

/** A ref for the element, and its inner width in CSS pixels; the window's until it is known. The browser says when it changes: asking it in every drawing would have the page laid out each time. */
export function useWidth(): [RefCallback<HTMLDivElement>, number] {
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const [widthPx, setWidthPx] = useState(innerWidth);
  useLayoutEffect(() => {
    if (element === null) return undefined;
    const observer = new ResizeObserver(() => setWidthPx(element.clientWidth));
    observer.observe(element);
    setWidthPx(element.clientWidth);
    return () => observer.disconnect();
  }, [element]);
  return [setElement, widthPx];
}

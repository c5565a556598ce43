/**
 * A panel of the details beside the topology. To add one: a file with `NAME = definePanel({…})` and one line in `registry.ts`; the order there is
 * the order on the page.
 */
import type { FunctionComponent } from 'preact';
import type { Selection } from '../selection.js';

export interface Panel {
  name: string;
  /** Its heading. */
  title: string;
  /** Whether it has anything to say about what is selected. */
  suits: (selected: Selection) => boolean;
  Component: FunctionComponent<{ selected: Selection }>;
}

export function definePanel(panel: Panel): Panel {
  return panel;
}

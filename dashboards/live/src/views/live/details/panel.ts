/**
 * A panel of the details beside the topology. To add one: a file with `NAME = definePanel({…})` and one line in `registry.ts`.
 */
import type { FunctionComponent } from 'preact';
import type { Selection } from '../selection.js';

export interface Panel {
  name: string;
  /** Those with a smaller one stand above it. */
  place: number;
  /** Its heading. */
  title: string;
  /** Whether it has anything to say about what is selected. */
  suits: (selected: Selection) => boolean;
  Component: FunctionComponent<{ selected: Selection }>;
}

export function definePanel(panel: Panel): Panel {
  return panel;
}

/** Cutting by hand in the topology: while the tool is on, a line that is drawn across links names them. What becomes of that is the business of whoever turned it on. */
import { signal } from '@preact/signals';

export const isCutToolOn = signal(false);

/** Links that the last line crossed; null when none was drawn, or its links were dealt with. */
export const crossedLinks = signal<readonly string[] | null>(null);

/** The views about runs of before, side by side: one word of the menu stands for all of them. */
import { routeTo } from '../shell/route.js';

const TABS: readonly (readonly [view: string, words: string])[] = [
  ['runs', 'List'],
  ['compare', 'Compare'],
  ['trend', 'Over time'],
  ['coverage', 'Coverage'],
  ['pictures', 'Pictures'],
];

export function RunTabs({ current }: { current: string }) {
  return (
    <nav class="tabs" aria-label="Runs">
      {TABS.map(([view, words]) => (
        <a key={view} href={routeTo(view)} aria-current={view === current ? 'page' : undefined}>
          {words}
        </a>
      ))}
    </nav>
  );
}

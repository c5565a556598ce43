/** Top of every view: where one can go, what runs, how fresh the figures are, and the switch between light and dark. */
import { views } from '../views/catalog.js';
import { Freshness } from './freshness.js';
import { routeTo } from './route.js';
import { RunState } from './run-state.js';
import { ThemeSwitch } from './theme-switch.js';

export function Header({ current }: { current: string }) {
  return (
    <header class="top">
      <a class="brand" href={routeTo('live')}>
        faultlab
      </a>
      <nav aria-label="Views">
        {views
          .filter((view) => view.menu !== undefined)
          .map((view) => (
            <a key={view.name} href={routeTo(view.name)} aria-current={view.name === current ? 'page' : undefined}>
              {view.menu}
            </a>
          ))}
      </nav>
      <div class="status">
        <RunState />
        <Freshness />
        <ThemeSwitch />
      </div>
    </header>
  );
}

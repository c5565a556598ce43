/** Top of every view: where one can go, what runs, how fresh the figures are, and the switch between light and dark. */
import { menu, viewNamed } from '../views/catalog.js';
import { Halt } from '../views/chaos/halt.js';
import { Freshness } from './freshness.js';
import { routeTo } from './route.js';
import { RunState } from './run-state.js';
import { ThemeSwitch } from './theme-switch.js';
import { GiveToken } from './token-dialog.js';

export function Header({ current }: { current: string }) {
  const here = viewNamed(current).under ?? current;
  return (
    <header class="top">
      <a class="brand" href={routeTo('live')}>
        faultlab
      </a>
      <nav aria-label="Views">
        {menu.map(({ name, word }) => (
          <a key={name} href={routeTo(name)} aria-current={name === here ? 'page' : undefined}>
            {word}
          </a>
        ))}
      </nav>
      <Halt />
      <div class="status">
        <RunState />
        <Freshness />
        <GiveToken />
        <ThemeSwitch />
      </div>
    </header>
  );
}

/** Light or dark: what the system says, until somebody chooses. The choice is kept in this browser; where it may keep nothing, it lasts as long as the page. */
import { signal } from '@preact/signals';

export type Theme = 'system' | 'light' | 'dark';

const KEPT_AS = 'faultlab.theme';

export const theme = signal<Theme>('system');

/** Whether the page is dark now; charts draw on a canvas and have to ask for their colours anew when this changes. */
export const isDark = signal(false);

export function nextTheme(current: Theme): Theme {
  if (current === 'system') return 'light';
  return current === 'light' ? 'dark' : 'system';
}

export function chooseTheme(chosen: Theme): void {
  theme.value = chosen;
  try {
    if (chosen === 'system') localStorage.removeItem(KEPT_AS);
    else localStorage.setItem(KEPT_AS, chosen);
  } catch {
    // A browser that keeps nothing still shows what was chosen.
  }
}

function kept(): Theme {
  try {
    const text = localStorage.getItem(KEPT_AS);
    return text === 'light' || text === 'dark' ? text : 'system';
  } catch {
    return 'system';
  }
}

export function followTheme(): void {
  const system = matchMedia('(prefers-color-scheme: dark)');
  const apply = (): void => {
    const root = document.documentElement;
    if (theme.value === 'system') root.removeAttribute('data-theme');
    else root.setAttribute('data-theme', theme.value);
    isDark.value = theme.value === 'system' ? system.matches : theme.value === 'dark';
  };
  system.addEventListener('change', apply);
  theme.value = kept();
  theme.subscribe(apply);
}

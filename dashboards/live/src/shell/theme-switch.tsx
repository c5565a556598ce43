/** One button that goes through system, light and dark. */
import { chooseTheme, nextTheme, type Theme, theme } from './theme.js';

const SIGNS: Readonly<Record<Theme, string>> = { system: '◐', light: '☀', dark: '☾' };

export function ThemeSwitch() {
  const next = nextTheme(theme.value);
  const says = `Colours: ${theme.value}. Change to ${next}`;
  return (
    <button type="button" class="icon" title={says} aria-label={says} onClick={() => chooseTheme(next)}>
      {SIGNS[theme.value]}
    </button>
  );
}

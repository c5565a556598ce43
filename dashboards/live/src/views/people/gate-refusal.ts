/** Why somebody cannot answer a gate. Nobody checks who sits at a page, so this only keeps one from a mistake; the daemon refuses likewise. */
export function gateRefusal(by: readonly string[], name: string): string | undefined {
  if (by.length === 0 || by.includes(name)) return undefined;
  return name === '' ? `say who you are first: it waits for ${by.join(', ')}` : `it waits for ${by.join(', ')}, not for ${name}`;
}

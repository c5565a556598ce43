/** What a fault would meet, in a sentence. Pure. */

export interface Preview {
  links: readonly { link: string; requests: number; matched: number; hit: number }[];
  cannotTell: readonly string[];
  lookedBackMs: number;
}

const figure = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });

export function previewWords({ links, cannotTell, lookedBackMs }: Preview): string {
  const sum = (of: 'requests' | 'matched' | 'hit'): number => links.reduce((total, link) => total + link[of], 0);
  const [requests, matched, hit] = [sum('requests'), sum('matched'), sum('hit')];
  const seconds = figure.format(lookedBackMs / 1_000);
  const unsure = cannotTell.length === 0 ? '' : `; what it asks of ${cannotTell.join(', ')} cannot be told beforehand`;
  if (requests === 0) return `Nothing has crossed in the last ${seconds} s, so it would meet nobody now${unsure}.`;
  const share = figure.format((100 * matched) / requests);
  return `Of ${figure.format(requests)} requests of the last ${seconds} s it would have met ${figure.format(matched)} (${share} %) and hit about ${figure.format(hit)}${unsure}.`;
}

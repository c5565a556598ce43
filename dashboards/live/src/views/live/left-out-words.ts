/** In words, what of a very large system the page leaves out. Pure. */

export interface LeftOutCounts {
  /** Links of which no figures are kept. */
  linksLeftOut: number;
  /** Those that the daemon tells of, and those that it has. */
  proxies: number;
  proxiesTotal: number;
}

/** Undefined: nothing. */
export function leftOutWords({ linksLeftOut, proxies, proxiesTotal }: LeftOutCounts): string | undefined {
  const undrawn = proxiesTotal > proxies ? [`Of ${proxiesTotal} proxies the first ${proxies} are drawn`] : [];
  const unkept = linksLeftOut > 0 ? [`of ${linksLeftOut} links no figures are kept: there are more than a page has room for`] : [];
  const words = [...undrawn, ...unkept].join('; ');
  return words === '' ? undefined : `${words.charAt(0).toUpperCase()}${words.slice(1)}.`;
}

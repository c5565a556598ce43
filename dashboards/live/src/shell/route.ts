/** Where the page stands, as the address says it after `#/`: a view's name, what follows it, and options. `#/run/2026-11-22-a?tab=faults` */
import { signal } from '@preact/signals';

export interface Route {
  /** Name of a view; empty at the start. */
  view: string;
  /** What follows the view's name, decoded. A piece that cannot be decoded stays as it is. */
  path: readonly string[];
  options: URLSearchParams;
}

/** Reads the part of an address from `#` on. Never throws: addresses are typed by hand. */
export function readRoute(hash: string): Route {
  const [where = '', options = ''] = hash.replace(/^#?\/?/, '').split('?', 2);
  const [view = '', ...path] = where.split('/').filter((piece) => piece !== '');
  return { view: decoded(view), path: path.map(decoded), options: new URLSearchParams(options) };
}

function decoded(piece: string): string {
  try {
    return decodeURIComponent(piece);
  } catch {
    return piece;
  }
}

/** The address of a view, for `href`. Options that are undefined are left out. */
export function routeTo(view: string, path: readonly string[] = [], options: Readonly<Record<string, string | undefined>> = {}): string {
  const given = Object.entries(options).filter((option): option is [string, string] => option[1] !== undefined);
  const query = given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  return `#/${[view, ...path].map(encodeURIComponent).join('/')}${query}`;
}

/** Where the page stands now. */
export const route = signal<Route>(readRoute(''));

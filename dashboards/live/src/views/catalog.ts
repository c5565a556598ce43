/** The views by name. An address that nobody knows is the live view's. */
import { live } from './live/live.js';
import * as registry from './registry.js';
import type { View } from './view.js';

export const views: readonly View[] = Object.values(registry);

export function viewNamed(name: string): View {
  return views.find((view) => view.name === name) ?? live;
}

interface MenuEntry {
  name: string;
  word: string;
}

export const menu: readonly MenuEntry[] = views
  .flatMap(({ name, menu: entry }) => (entry === undefined ? [] : [{ name, ...entry }]))
  .sort((a, b) => a.place - b.place);

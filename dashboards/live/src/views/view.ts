/**
 * What a view is: one place of the page with an address of its own, `#/NAME/…`. To add one: a folder here with a file `NAME.tsx` that exports
 * `NAME = defineView({…})`, and one line in `registry.ts`.
 */
import type { FunctionComponent } from 'preact';
import type { Route } from '../shell/route.js';

export interface View {
  /** First word of its address. */
  name: string;
  title: string;
  /** In the menu under this word, at this place from the left; a view that is reached from another leaves it out. */
  menu?: { word: string; place: number };
  /** The view of the menu that it is reached from. */
  under?: string;
  Component: FunctionComponent<{ route: Route }>;
}

export function defineView(view: View): View {
  return view;
}

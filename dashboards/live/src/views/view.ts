/**
 * What a view is: one place of the page with an address of its own, `#/NAME/…`. To add one: a folder here with a file `NAME.tsx` that exports
 * `NAME = defineView({…})`, and one line in `registry.ts`. The order there is the order of the menu.
 */
import type { FunctionComponent } from 'preact';
import type { Route } from '../shell/route.js';

export interface View {
  /** First word of its address. */
  name: string;
  title: string;
  /** In the menu under this word; a view that only makes sense with a name behind it (`run/NAME`) leaves it out. */
  menu?: string;
  Component: FunctionComponent<{ route: Route }>;
}

export function defineView(view: View): View {
  return view;
}

/** Keeps the route as the address is, by whatever it is changed: a link, the back button, somebody who types. */
import { readRoute, route } from './route.js';

export function followRoute(): void {
  const read = (): void => {
    route.value = readRoute(location.hash);
  };
  addEventListener('hashchange', read);
  read();
}

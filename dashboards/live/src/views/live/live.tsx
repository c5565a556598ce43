/** What happens now: who calls whom and how well it goes, and the last hour over time. */
import { defineView } from '../view.js';

function Live() {
  return <h1>Live</h1>;
}

export const live = defineView({ name: 'live', title: 'Live', menu: 'Live', Component: Live });

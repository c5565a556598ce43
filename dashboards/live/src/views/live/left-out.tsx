/** What of a very large system is not drawn, so that nobody takes a part for the whole. */
import { daemonState, model } from '../../state/live.js';
import { leftOutWords } from './left-out-words.js';

export function LeftOut() {
  const state = daemonState.value;
  const words = leftOutWords({
    linksLeftOut: model.value?.linksLeftOut ?? 0,
    proxies: state?.proxies.length ?? 0,
    proxiesTotal: state?.proxiesTotal ?? 0,
  });
  return words === undefined ? null : <p class="notice">{words}</p>;
}

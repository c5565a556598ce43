/** Every panel of the details, in order. */
export { linkFigures } from './link-figures.js';

export { linkChaos } from './link-chaos.js';

export { instanceChaos } from './instance-chaos.js';

export { byHand } from './by-hand.js';

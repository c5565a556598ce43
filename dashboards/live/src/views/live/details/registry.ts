/** Every panel of the details, in order. */

export { byHand } from './by-hand.js';
export { instanceChaos } from './instance-chaos.js';
export { instanceLinks } from './instance-links.js';
export { linkChaos } from './link-chaos.js';
export { linkConnections } from './link-connections.js';
export { linkFaults } from './link-faults.js';
export { linkFigures } from './link-figures.js';
export { promises } from './promises.js';

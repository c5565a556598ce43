/** Every panel of the details, in order. */
export { linkFigures } from './link-figures.js';

/** Every load model, one line each. */
export { closed } from './closed.js';
export { open } from './open.js';

/** Every http fault, one line each. */
export { abort } from './abort.js';
export { delay } from './delay.js';

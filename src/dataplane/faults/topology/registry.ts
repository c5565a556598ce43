/** Every topology fault, one line each. */
export { partition } from './partition.js';

/** Every stop condition, one line each. */
export { detector } from './detector.js';
export { errorBudget } from './error-budget.js';
export { harmed } from './harmed.js';
export { none } from './none.js';
export { probe } from './probe.js';

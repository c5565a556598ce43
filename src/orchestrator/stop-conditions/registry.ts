/** Every stop condition, one line each. */
export { errorBudget } from './error-budget.js';
export { failureDetector } from './failure-detector.js';
export { harmed } from './harmed.js';
export { none } from './none.js';
export { probe } from './probe.js';

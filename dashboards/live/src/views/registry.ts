/** Every view of the page, one line each. */
export { compare } from './compare/compare.js';
export { coverage } from './coverage/coverage.js';
export { live } from './live/live.js';
export { people } from './people/people.js';
export { pictures } from './pictures/pictures.js';
export { play } from './play/play.js';
export { run } from './run/run.js';
export { runs } from './runs/runs.js';
export { start } from './start/start.js';
export { trend } from './trend/trend.js';

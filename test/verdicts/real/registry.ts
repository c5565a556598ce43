/** Every real product, one line each. */
export { cockatielConsecutive } from './cockatiel-consecutive.js';
export { cockatielCount } from './cockatiel-count.js';
export { cockatielSampling } from './cockatiel-sampling.js';
export { haproxy } from './haproxy.js';
export { nginxOneWorker } from './nginx-one-worker.js';
export { nginxTwoWorkers } from './nginx-two-workers.js';
export { opossum } from './opossum.js';
export { undiciRetry } from './undici-retry.js';

/** Every real product, one line each. */
export { cockatielConsecutive } from './cockatiel-consecutive.js';
export { cockatielCount } from './cockatiel-count.js';
export { cockatielSampling } from './cockatiel-sampling.js';
export { haproxyFailCheck } from './haproxy-fail-check.js';
export { haproxyFastinter } from './haproxy-fastinter.js';
export { haproxyMarkDown } from './haproxy-mark-down.js';
export { haproxySlowstart } from './haproxy-slowstart.js';
export { haproxySuddenDeath } from './haproxy-sudden-death.js';
export { nginxOneWorker } from './nginx-one-worker.js';
export { nginxTwoWorkers } from './nginx-two-workers.js';
export { opossum } from './opossum.js';
export { undiciRetry } from './undici-retry.js';

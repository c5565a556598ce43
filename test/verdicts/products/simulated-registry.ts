/** Every simulated product, one line each. */
export { cockatielConsecutive } from './cockatiel-consecutive.js';
export { cockatielCount } from './cockatiel-count.js';
export { cockatielSampling } from './cockatiel-sampling.js';
export { gobreaker } from './gobreaker.js';
export { hystrix } from './hystrix.js';
export { linkerdEndpoint } from './linkerd-endpoint.js';
export { opossum } from './opossum.js';
export { polly } from './polly.js';
export { resilience4jCount } from './resilience4j-count.js';
export { resilience4jTime } from './resilience4j-time.js';
export { traefikBreaker } from './traefik-breaker.js';

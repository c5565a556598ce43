/** Every preset, one line each. */
export { caddy } from './caddy.js';
export { cockatiel } from './cockatiel.js';
export { envoy } from './envoy.js';
export { finagle } from './finagle.js';
export { gobreaker } from './gobreaker.js';
export { grpc } from './grpc.js';
export { haproxy } from './haproxy.js';
export { hystrix } from './hystrix.js';
export { linkerd } from './linkerd.js';
export { nginx } from './nginx.js';
export { opossum } from './opossum.js';
export { polly } from './polly.js';
export { resilience4j } from './resilience4j.js';
export { traefik } from './traefik.js';
export { undici } from './undici.js';

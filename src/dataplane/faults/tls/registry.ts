/** Every tls fault, one line each. */
export { certExpired } from './cert-expired.js';
export { certUntrusted } from './cert-untrusted.js';
export { certWrongHost } from './cert-wrong-host.js';
export { handshakeReset } from './handshake-reset.js';
export { handshakeStall } from './handshake-stall.js';

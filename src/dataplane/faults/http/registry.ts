/** Every http fault, one line each. */
export { abort } from './abort.js';
export { ackWithoutEffect } from './ack-without-effect.js';
export { dateSkew } from './date-skew.js';
export { delay } from './delay.js';
export { duplicate } from './duplicate.js';
export { equivocate } from './equivocate.js';
export { hold } from './hold.js';
export { onRequest } from './on-request.js';
export { patch } from './patch.js';
export { reorder } from './reorder.js';
export { replace } from './replace.js';
export { resetExchange } from './reset-exchange.js';
export { responseLoss } from './response-loss.js';
export { stale } from './stale.js';
export { statusFlip } from './status-flip.js';

/** Every fault that exists on HTTP/2 alone, one line each. */
export { goaway } from './goaway.js';
export { lostTrailers } from './lost-trailers.js';
export { rstStream } from './rst-stream.js';
export { stalledWindow } from './stalled-window.js';

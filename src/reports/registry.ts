/** Every report format, one line each. */
export { html } from './html.js';
export { json } from './json.js';
export { text } from './text.js';

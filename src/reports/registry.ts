/** Every report format, one line each. */
export { html } from './html.js';
export { json } from './json.js';
export { junit } from './junit.js';
export { markdown } from './markdown.js';
export { text } from './text.js';

/** Every importer, one line each; the first that recognises a text reads it. */

export { accessLog } from './access-log.js';
export { chaosToolkit } from './chaos-toolkit.js';
export { har } from './har.js';
export { toxiproxy } from './toxiproxy.js';

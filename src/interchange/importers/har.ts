/** HTTP Archives of browsers and proxies, as the incident that they saw. */
import { defineImporter } from '../importer.js';
import { readHar } from '../logs/har.js';
import { peekJson } from '../read-json.js';
import { replayedIncident } from '../replayed-incident.js';

export const har = defineImporter({
  name: 'har',
  summary: 'HAR 1.2: the requests that a browser or a proxy saw, as an incident to replay.',
  recognises: (text) => {
    const data = peekJson(text);
    return typeof data === 'object' && data !== null && 'log' in data;
  },
  read: (text, { file, name }) => replayedIncident(readHar(text, file), { name }),
});

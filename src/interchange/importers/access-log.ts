/** Access logs, as the incident that they saw. */
import { defineImporter } from '../importer.js';
import { readAccessLog, readLine } from '../logs/access-log.js';
import { replayedIncident } from '../replayed-incident.js';

export const accessLog = defineImporter({
  name: 'accessLog',
  summary: 'Access logs: common, combined, or JSON lines, as an incident to replay.',
  recognises: (text) => readLine(text.split('\n', 1)[0] ?? '') !== undefined,
  read: (text, { file, name }) => replayedIncident(readAccessLog(text, file), { name }),
});

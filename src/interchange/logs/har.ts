/** HTTP Archive (HAR 1.2), as browsers and proxies export it → its requests. */
import { z } from 'zod';
import { readJson } from '../read-json.js';
import type { LoggedRequest, RequestLog } from './logged-request.js';

const harSchema = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        startedDateTime: z.iso.datetime({ offset: true, local: true }),
        /** Milliseconds; -1 where it does not apply. */
        time: z.number().nullish(),
        request: z.object({ method: z.string(), url: z.url() }),
        response: z.object({ status: z.number() }),
      }),
    ),
  }),
});

/** Throws IMPORT_INVALID. */
export function readHar(text: string, file: string): RequestLog {
  const { log } = readJson(text, { file, schema: harSchema });
  const requests = log.entries.map(({ startedDateTime, time, request, response }): LoggedRequest => {
    const { hostname, port, protocol, pathname } = new URL(request.url);
    return {
      atMs: Date.parse(startedDateTime),
      host: `${hostname}:${port || (protocol === 'https:' ? '443' : '80')}`,
      method: request.method,
      path: pathname,
      status: response.status,
      tookMs: time === undefined || time === null || time < 0 ? null : time,
    };
  });
  return { requests: requests.sort((a, b) => a.atMs - b.atMs), unread: 0 };
}

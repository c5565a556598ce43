/** HTTP Archive (HAR 1.2), as browsers and proxies export it → its requests. */
import { z } from 'zod';
import { readJson } from '../read-json.js';
import { type LoggedRequest, type RequestLog, TOKEN_HEADERS } from './logged-request.js';

const harSchema = z.object({
  log: z.object({
    entries: z.array(
      z.object({
        startedDateTime: z.iso.datetime({ offset: true, local: true }),
        /** Milliseconds; -1 where it does not apply. */
        time: z.number().nullish(),
        request: z.object({
          method: z.string(),
          url: z.url(),
          headers: z.array(z.object({ name: z.string(), value: z.string() })).optional(),
        }),
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
      // Browsers write 0 where nobody answered, others -1.
      status: Math.max(0, response.status),
      tookMs: time === undefined || time === null || time < 0 ? null : time,
      ...tokensOf(request.headers),
    };
  });
  return { requests: requests.sort((a, b) => a.atMs - b.atMs), unread: 0 };
}

/** Cut as links cut them. */
const TOKEN_LENGTH_MAX = 200;

function tokensOf(headers: readonly { name: string; value: string }[] = []): Pick<LoggedRequest, 'tokens'> {
  const named = headers.map(({ name, value }) => [name.toLowerCase(), value.slice(0, TOKEN_LENGTH_MAX)] as const);
  const kept = named.filter(([name]) => TOKEN_HEADERS.includes(name));
  return kept.length === 0 ? {} : { tokens: Object.fromEntries(kept) };
}

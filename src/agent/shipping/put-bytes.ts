/** One request with bytes for a body, bounded in time. A status that says "never" is REQUEST_INVALID; every other failure may pass. */
import { request } from 'undici';
import { LabError } from '../../core/errors.js';
import { withoutSecrets } from '../../orchestrator/fleet/batch.js';

const ANSWER_WITHIN_MS = 10_000;
const ANSWER_CHARS_MAX = 500;
/** What cannot be read, is too large, or cannot be there will be so the next time; a refused token or a full server may not. */
const NEVER: ReadonlySet<number> = new Set([400, 413, 415, 422]);

export interface PutRequest {
  url: string;
  method: 'POST' | 'PUT';
  bytes: Buffer;
  token: string | undefined;
  signal: AbortSignal;
  headers?: Readonly<Record<string, string>>;
}

/** The body of the answer. */
export async function putBytes({ url, method, bytes, token, signal, headers }: PutRequest): Promise<string> {
  const { statusCode, body } = await request(url, {
    method,
    body: bytes,
    signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_WITHIN_MS)]),
    headers: { 'content-type': 'application/gzip', ...(token !== undefined && { authorization: `Bearer ${token}` }), ...headers },
  });
  const text = await body.text();
  if (statusCode < 300) return text;
  const said = text.trim() === '' ? '' : `: ${text.trim().slice(0, ANSWER_CHARS_MAX)}`;
  const reason = `${withoutSecrets(url)} answers ${statusCode}${said}`;
  throw NEVER.has(statusCode) ? new LabError('REQUEST_INVALID', { problems: reason }) : new Error(reason);
}

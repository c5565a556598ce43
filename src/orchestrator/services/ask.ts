/** One HTTP request for its status, and its text where somebody looks into it. Not `fetch`, which refuses some ports (6000, 10080 …) that services do listen on. */
import { request } from 'undici';
import { reasonOf } from '../../core/errors.js';

/** Of a body; what comes after is not read. */
export const TEXT_BYTES_MAX = 1024 * 1024;

export interface AskedUrl {
  url: string;
  method?: 'GET' | 'HEAD' | 'POST';
  headers?: Readonly<Record<string, string>>;
  signal: AbortSignal;
  /** Reads the body, up to `TEXT_BYTES_MAX`; without it the body is dropped. */
  withText?: boolean;
}

export interface Asked extends Omit<AskedUrl, 'url'> {
  address: string;
  path: string;
}

export interface Answer {
  /** 0 when there was none. */
  status: number;
  /** The body, if it was asked for. */
  text: string;
  /** One sentence: who answered what, or why nobody did. */
  detail: string;
}

/** Never rejects: no answer is an answer with status 0. */
export function ask({ address, path, ...asked }: Asked): Promise<Answer> {
  return answerTo({ url: `http://${address}${path}`, ...asked }, `${address}${path}`);
}

/** The same for a whole URL. Its query is left out of the detail. */
export function askUrl(asked: AskedUrl): Promise<Answer> {
  return answerTo(asked, asked.url.split('?')[0] ?? '');
}

async function answerTo({ url, method = 'GET', headers = {}, signal, withText = false }: AskedUrl, shown: string): Promise<Answer> {
  try {
    const { statusCode, body } = await request(url, { method, headers, signal });
    let text = '';
    if (withText) text = await beginningOf(body);
    else await body.dump();
    return { status: statusCode, text, detail: `${shown} answered ${statusCode}` };
  } catch (error) {
    return { status: 0, text: '', detail: `${shown} does not answer: ${reasonOf(error)}` };
  }
}

/** Leaving the loop ends the connection, so that an endless body ends here. */
async function beginningOf(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    chunks.push(chunk.subarray(0, TEXT_BYTES_MAX - bytes));
    bytes += chunk.length;
    if (bytes >= TEXT_BYTES_MAX) break;
  }
  return Buffer.concat(chunks).toString('utf8');
}

/** One HTTP request for its status. Not `fetch`, which refuses some ports (6000, 10080 …) that services do listen on. */
import { request } from 'undici';
import { reasonOf } from '../../core/errors.js';

export interface Asked {
  address: string;
  path: string;
  method?: 'GET' | 'HEAD' | 'POST';
  signal: AbortSignal;
}

export interface Answer {
  /** 0 when there was none. */
  status: number;
  /** One sentence: who answered what, or why nobody did. */
  detail: string;
}

/** Never rejects: no answer is an answer with status 0. */
export async function ask({ address, path, method = 'GET', signal }: Asked): Promise<Answer> {
  try {
    const { statusCode, body } = await request(`http://${address}${path}`, { method, signal });
    await body.dump();
    return { status: statusCode, detail: `${address}${path} answered ${statusCode}` };
  } catch (error) {
    return { status: 0, detail: `${address}${path} does not answer: ${reasonOf(error)}` };
  }
}

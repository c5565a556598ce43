/** One request and its JSON answer, within a time limit; what goes wrong is a status of 0 with a reason, never an exception. */
import { Agent } from 'undici';
import type { Clock } from '../core/clock.js';
import { reasonOf } from '../core/errors.js';
import { isMap } from '../core/is-map.js';
import { BODY_BYTES_MAX } from './body.js';
import { deadline } from './deadline.js';
import type { Address } from './environment.js';

export interface JsonCall {
  readonly method: 'GET' | 'PUT' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly answerMsMax: number;
  /** Gives up sooner: whoever the call was for has left. */
  readonly signal?: AbortSignal;
}

export interface JsonAnswer {
  /** 0: there was no whole answer. */
  readonly status: number;
  readonly leader?: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Header in which a member names the leader that it knows of. */
export const LEADER_HEADER = 'x-leader';
const CONNECTIONS_MAX = 128;

export interface JsonCaller extends AsyncDisposable {
  call(to: Address, call: JsonCall): Promise<JsonAnswer>;
}

/** `reuse: false`: each call has a connection of its own, as partitions of connections are felt by those who open some. */
export function createJsonCaller(clock: Clock, { reuse }: { reuse: boolean }): JsonCaller {
  const limits = { connections: CONNECTIONS_MAX, headersTimeout: 0, bodyTimeout: 0, maxResponseSize: BODY_BYTES_MAX };
  const agent = new Agent({ ...limits, pipelining: reuse ? 1 : 0 });
  return {
    call: async ({ host, port }, { method, path, headers = {}, body, answerMsMax, signal }) => {
      using limit = deadline(clock, answerMsMax);
      try {
        const answer = await agent.request({
          origin: `http://${host}:${port}`,
          method,
          path,
          headers: { ...headers, ...(body !== undefined && { 'content-type': 'application/json' }) },
          ...(body !== undefined && { body: JSON.stringify(body) }),
          signal: signal === undefined ? limit.signal : AbortSignal.any([limit.signal, signal]),
        });
        const leader = answer.headers[LEADER_HEADER];
        const read = recordOf(await answer.body.text());
        return { status: answer.statusCode, ...(typeof leader === 'string' && { leader }), body: read };
      } catch (error) {
        return { status: 0, body: { error: reasonOf(error) } };
      }
    },
    [Symbol.asyncDispose]: () => agent.destroy(),
  };
}

/** An object, or an empty one for whatever else it is. */
export function recordOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return isMap(value) ? value : {};
  } catch {
    return {};
  }
}

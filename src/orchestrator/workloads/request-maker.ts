/**
 * Which request comes n-th: a function of the seed, the scenario and n alone, so the same seed sends the same requests in the same order on every machine.
 * Keys are unique in a run, because n is part of them; the seed is part of them too, so that two loads do not collide.
 */
import assert from 'node:assert';
import { hash32, keyedDraw } from '../../core/random.js';
import type { LoadRequest } from './load-protocol.js';

export interface MadeRequest {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** The key, which is also the `x-request-id` that goes with the request. */
  readonly token: string;
}

/** Finds a request again in observations of every hop behind the first. */
export const TOKEN_HEADER = 'x-request-id';

const TEMPLATE = /\$\{(key|seq)\}/g;

/** Fills in `${key}` and `${seq}` in path, header values and body. */
export function createRequestMaker({
  seed,
  scenario,
  requests,
}: {
  seed: number;
  /** Its name is part of every key, so that scenarios do not collide. */
  scenario: string;
  requests: readonly LoadRequest[];
}): (ordinal: number) => MadeRequest {
  const draw = keyedDraw({ seed, faultId: `load-route ${scenario}` });
  const prefix = hash32(0, `load ${seed} ${scenario}`).toString(36).padStart(7, '0');
  return (ordinal) => {
    const { name, method, path, headers, body } = choose(requests, draw('route', ordinal));
    const seq = String(ordinal + 1);
    const token = `${prefix}-${ordinal.toString(36)}`;
    const fill = (text: string): string => text.replace(TEMPLATE, (_, word) => (word === 'key' ? token : seq));
    const given = Object.entries(headers).filter(([header]) => header.toLowerCase() !== TOKEN_HEADER);
    const filled = Object.fromEntries(given.map(([header, value]) => [header, fill(value)]));
    return {
      route: name,
      method,
      path: fill(path),
      headers: { ...filled, [TOKEN_HEADER]: token },
      body: body === undefined ? undefined : fill(body),
      token,
    };
  };
}

function choose(requests: readonly LoadRequest[], draw: number): LoadRequest {
  const total = requests.reduce((sum, { weight }) => sum + weight, 0);
  assert(total > 0, 'a load needs a request with a weight above 0');
  let rest = draw * total;
  for (const candidate of requests) {
    rest -= candidate.weight;
    if (rest < 0) return candidate;
  }
  // Only rounding ends here, and then with the last one that may be chosen at all.
  const last = requests.findLast(({ weight }) => weight > 0);
  assert(last !== undefined);
  return last;
}

/**
 * Which request comes n-th: a function of the seed, the scenario and n alone, so the same seed sends the same requests in the same order on every machine.
 * Keys are unique in a run, because n is part of them; the seed is part of them too, so that two loads do not collide.
 */
import assert from 'node:assert';
import { hash32, keyedDraw } from '../../core/random.js';
import type { AnswerExpectation } from '../probes/answer-expectation.js';
import type { AnswerMarker } from '../probes/answer-marker.js';
import type { LoadRequest } from './load-protocol.js';
import type { Row } from './rows.js';

export interface MadeRequest {
  readonly route: string;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  /** What the answer must be. */
  readonly expect: AnswerExpectation | undefined;
  /** By what an answer is known to be a stand-in. */
  readonly standIn: AnswerMarker | undefined;
  /** The key, which is also the `x-request-id` that goes with the request. */
  readonly token: string;
}

/** Finds a request again in observations of every hop behind the first. */
const TOKEN_HEADER = 'x-request-id';

const TEMPLATE = /\$\{(key|seq|row\.[^}]*)\}/g;
/** What a header may not hold. */
const NO_HEADER_TEXT = /[^\t\u0020-\u007e\u0080-\u00ff]/gu;

/**
 * Fills in `${key}`, `${seq}` and `${row.COLUMN}` in path, header values and body. A value of a row is encoded where it would be something else: in a
 * path as a part of it, in a header as far as it must be; a body takes it as it is.
 */
export function createRequestMaker({
  seed,
  scenario,
  requests,
  rowOf = () => undefined,
}: {
  seed: number;
  /** Its name is part of every key, so that scenarios do not collide. */
  scenario: string;
  requests: readonly LoadRequest[];
  /** Of the n-th request. Throws for a column that its rows lack. */
  rowOf?: (ordinal: number) => Row | undefined;
}): (ordinal: number) => MadeRequest {
  const draw = keyedDraw({ seed, faultId: `load-route ${scenario}` });
  const prefix = hash32(0, `load ${seed} ${scenario}`).toString(36).padStart(7, '0');
  return (ordinal) => {
    const { name, method, path, headers, body, expect, standIn } = choose(requests, draw('route', ordinal));
    const seq = String(ordinal + 1);
    const token = `${prefix}-${ordinal.toString(36)}`;
    const row = rowOf(ordinal);
    const fill = (text: string, encode: (value: string) => string = (value) => value): string =>
      text.replace(TEMPLATE, (_, word: string) => {
        if (word === 'key') return token;
        return word === 'seq' ? seq : encode(valueOf(row, word.slice('row.'.length)));
      });
    const given = Object.entries(headers).filter(([header]) => header.toLowerCase() !== TOKEN_HEADER);
    const filled = Object.fromEntries(given.map(([header, value]) => [header, fill(value, headerText)]));
    return {
      route: name,
      method,
      path: fill(path, encodeURIComponent),
      headers: { ...filled, [TOKEN_HEADER]: token },
      body: body === undefined ? undefined : fill(body),
      expect,
      standIn,
      token,
    };
  };
}

/** The parts of a request in which something is filled in. */
export function textsOf({ path, headers, body = '' }: LoadRequest): string[] {
  return [path, body, ...Object.values(headers)];
}

function headerText(value: string): string {
  return value.replace(NO_HEADER_TEXT, encodeURIComponent);
}

function valueOf(row: Row | undefined, column: string): string {
  const value = row?.get(column);
  assert(value !== undefined, `the rows have no column ${column}, and nobody noticed before the load began`);
  return value;
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

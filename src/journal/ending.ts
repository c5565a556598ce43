/**
 * Who ended an exchange, and how. What ended it early is noted on the exchange itself; a whole answer of the callee's needs no note. Of journals from
 * before there were such notes `endingOf` says what `end` implies, which is less: not how, where one `end` has several ways.
 */
import type { EndedBy, EndedHow, Exchange, ExchangeEnd } from './observations.js';

export interface Ending {
  endedBy: EndedBy;
  endedHow: EndedHow;
}

const IMPLIED: Readonly<Record<Exclude<ExchangeEnd, 'tunnel'>, Ending>> = {
  complete: { endedBy: 'callee', endedHow: 'answer' },
  clientClosed: { endedBy: 'caller', endedHow: 'fin' },
  clientReset: { endedBy: 'caller', endedHow: 'rst' },
  upstreamClosed: { endedBy: 'callee', endedHow: 'fin' },
  upstreamReset: { endedBy: 'callee', endedHow: 'rst' },
  connectFailed: { endedBy: 'callee', endedHow: 'rst' },
  handshakeFailed: { endedBy: 'callee', endedHow: 'handshake' },
  faultReset: { endedBy: 'fault', endedHow: 'rst' },
  malformedRequest: { endedBy: 'link', endedHow: 'rst' },
  malformedResponse: { endedBy: 'link', endedHow: 'rst' },
  timeout: { endedBy: 'caller', endedHow: 'timeout' },
  killed: { endedBy: 'link', endedHow: 'rst' },
  proxyClosed: { endedBy: 'link', endedHow: 'rst' },
};

type Told = Pick<Exchange, 'end'> & Partial<Pick<Exchange, 'endedBy' | 'endedHow' | 'resetCode' | 'handshake' | 'isCopy'>>;

/** Undefined of a tunnel of which nobody has noted it. */
export function endingOf(exchange: Told): Ending | undefined {
  const { end, endedBy, endedHow, handshake } = exchange;
  if (endedBy !== undefined && endedHow !== undefined) return { endedBy, endedHow };
  if (end === 'tunnel') return undefined;
  // Nobody waits for the answer to a copy but the link.
  if (end === 'timeout' && exchange.isCopy) return { endedBy: 'link', endedHow: 'timeout' };
  if (end === 'handshakeFailed' && handshake?.endedBy === 'proxy') return { endedBy: 'link', endedHow: 'handshake' };
  const implied = IMPLIED[end];
  return implied.endedHow === 'rst' && exchange.resetCode !== undefined ? { ...implied, endedHow: 'streamReset' } : implied;
}

const HOW_WORDS: Readonly<Record<EndedHow, string>> = {
  answer: 'with an answer',
  fin: 'with a FIN',
  rst: 'with a RST',
  streamReset: 'by resetting the stream',
  timeout: 'after waiting in vain',
  handshake: 'over the TLS handshake',
  unreachable: 'because nobody could be reached',
};

/** `ended by the caller with a RST`; of a tunnel that says nothing, `ended`. */
export function endingWords(exchange: Told): string {
  const ending = endingOf(exchange);
  return ending === undefined ? 'ended' : `ended by the ${ending.endedBy} ${HOW_WORDS[ending.endedHow]}`;
}

/** A refused request has no head that could be trusted; the record still wants to say what it looked like. */
import { OpenExchange } from './open-exchange.js';

/** As much of the head as is looked at. */
const EXCERPT_BYTES = 1024;

/** The exchange of a request whose head was refused; `bytes` is what came, from its first byte on. */
export function createRefusedExchange({ ordinal, startMs, bytes }: { ordinal: number; startMs: number; bytes: Buffer }): OpenExchange {
  const exchange = new OpenExchange({ ordinal, startMs, ...guessLine(bytes.toString('latin1', 0, EXCERPT_BYTES)) });
  exchange.isOurs = true;
  exchange.bytesUp = bytes.length;
  return exchange;
}

/** Method and target of a line that could not be parsed; a dash where there is nothing presentable. */
function guessLine(excerpt: string): { method: string; path: string } {
  const [method = '', path = ''] = (/^[^\r\n]*/.exec(excerpt.trimStart())?.[0] ?? '').split(' ');
  return { method: /^[A-Za-z-]{1,32}$/.test(method) ? method : '-', path: /^[\x21-\x7e]+$/.test(path) ? path : '-' };
}

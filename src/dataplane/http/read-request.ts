/** A request whose head has been read, as it is to go on: with the header of the lab's own, if the plan asks for one, and with its body read along. */
import { exchangeName } from '../observe/observer.js';
import type { ReadHead } from './flow-owner.js';
import { editRequest } from './head-edit.js';
import { OpenExchange } from './open-exchange.js';
import type { ParsedRequest } from './request-head.js';
import type { RequestHost } from './request-host.js';
import { RequestInHand } from './request-in-hand.js';

export interface ReadRequest extends ReadHead {
  inHand: RequestInHand;
  /** As it goes on, unless faults edit it. The exchange keeps it as it came. */
  request: ParsedRequest;
}

/** `ordinal` counts from 1 on each connection. */
export function takeRequest(
  came: ParsedRequest,
  { chunk, startAt }: ReadHead,
  { ordinal, host, headBytesMax }: { ordinal: number; host: RequestHost; headBytesMax: number },
): ReadRequest {
  chunk.messageAt = startAt;
  const { method, target: path } = came;
  const exchange = new OpenExchange({ ordinal, startMs: chunk.sinceMs, method, path, request: came });
  exchange.bytesUp = chunk.at - startAt;
  const { labHeader, readsBodies } = host.observer ?? {};
  const value = labHeader === undefined ? '' : exchangeName({ ...host.identity, ordinal });
  const request = labHeader === undefined ? came : withHeader(came, { chunk, startAt }, { [labHeader]: value });
  const inHand = new RequestInHand(exchange, host);
  if (readsBodies) inHand.watch(chunk.bytes.subarray(chunk.at), headBytesMax);
  return { inHand, request, chunk, startAt };
}

/** In its place among the bytes, as if the caller had sent it so. */
function withHeader(request: ParsedRequest, { chunk, startAt }: ReadHead, set: Readonly<Record<string, string>>): ParsedRequest {
  const marked = editRequest(request, { set }, 'asItCame');
  if (marked === undefined) return request;
  chunk.replace(startAt, marked.bytes);
  return marked.parsed;
}

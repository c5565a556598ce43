/**
 * What the load notes of its own requests, beside what it always does: the headers that its plan names, in the shape in which links note theirs, so
 * that a check reads both alike. Without a word in the plan nothing is noted, not even the idempotency key.
 */
import { type LoadObserve, observeSchema } from '../../dataplane/observe/observe-spec.js';
import { createObserver } from '../../dataplane/observe/observer.js';
import type { Exchange } from '../../journal/observations.js';
import type { AnswerHeaders } from '../probes/answer-marker.js';
import type { MadeRequest } from './request-maker.js';

export type LoadNotes = (request: MadeRequest, answer: AnswerHeaders) => Pick<Exchange, 'tokens' | 'answerTokens'>;

export function createLoadNotes(observe: LoadObserve | undefined): LoadNotes {
  if (observe === undefined) return () => ({});
  const observer = createObserver(observeSchema.parse(observe));
  return ({ method, path: target, headers }, answer) => {
    const sent = new Map(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    return {
      ...observer.notes({ method, target, version: '1.1', header: (name) => sent.get(name) }, undefined),
      ...observer.answerNotes({ header: (name) => [answer[name] ?? []].flat()[0] }),
    };
  };
}

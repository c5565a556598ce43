/** A span as plain data, before any exporter knows of it. Names of traces and spans follow from the run’s, so the same journal gives the same trace wherever it is made. */
import { createHash } from 'node:crypto';

export type SpanValue = string | number | boolean | readonly string[];
export type SpanAttributes = Readonly<Record<string, SpanValue>>;

export interface SpanNote {
  name: string;
  atWallMs: number;
  attributes: SpanAttributes;
}

/** Another span, of a trace that is not ours. */
export interface SpanLink {
  traceId: string;
  spanId: string;
}

export interface Span {
  traceId: string;
  spanId: string;
  /** Undefined: the run’s own. */
  parentSpanId: string | undefined;
  name: string;
  /** `client`: a request from one service to another. */
  kind: 'internal' | 'client';
  startWallMs: number;
  endWallMs: number;
  attributes: SpanAttributes;
  notes: readonly SpanNote[];
  /** Notes beyond the bound. */
  notesLost: number;
  links: readonly SpanLink[];
  /** Why it counts as failed; undefined: it does not. */
  failure: string | undefined;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

/** 32 hexadecimal digits. */
export function traceIdOf(run: string): string {
  return digest(`trace ${run}`).slice(0, 32);
}

/** 16 hexadecimal digits. `key` names one span of the run. */
export function spanIdOf(run: string, key: string): string {
  return digest(`span ${run} ${key}`).slice(0, 16);
}

/**
 * Sends spans to an OTLP/HTTP collector as JSON, in batches behind whoever makes them: the queue is bounded and drops what does not fit, each try has a
 * deadline, and what could not be sent is counted and said once, at the end. A collector that is down costs a run nothing but its trace.
 */
import { type HrTime, SpanKind, SpanStatusCode, TraceFlags } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type Resource, resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace-base';
import { reasonOf } from '../../core/errors.js';
import type { Span, SpanAttributes } from './span.js';

const QUEUE_MAX = 4_096;
const BATCH_MAX = 512;
const EVERY_MS = 1_000;
const TRY_MS = 5_000;

export interface OtlpSenderOptions {
  /** Where traces are posted to, like `http://127.0.0.1:4318/v1/traces`. */
  url: string;
  /** `service.name` of the trace. */
  service: string;
  version: string;
}

/** What became of the spans; `failure` is the newest reason. */
export interface SentSpans {
  sent: number;
  lost: number;
  failure: string | undefined;
}

export class OtlpSender {
  readonly #processor: BatchSpanProcessor;
  readonly #resource: Resource;
  readonly #version: string;
  #given = 0;
  #sent = 0;
  #failure: string | undefined;

  constructor({ url, service, version }: OtlpSenderOptions) {
    this.#version = version;
    this.#resource = resourceFromAttributes({ 'service.name': service, 'service.version': version });
    this.#processor = new BatchSpanProcessor(this.#counting(new OTLPTraceExporter({ url, timeoutMillis: TRY_MS })), {
      maxQueueSize: QUEUE_MAX,
      maxExportBatchSize: BATCH_MAX,
      scheduledDelayMillis: EVERY_MS,
      exportTimeoutMillis: TRY_MS,
    });
  }

  /** Never waits and never throws. */
  send(spans: readonly Span[]): void {
    for (const span of spans) {
      this.#given += 1;
      this.#processor.onEnd(this.#readable(span));
    }
  }

  /** Sends what waits, for as long as a try may take. Never rejects. */
  async close(): Promise<SentSpans> {
    await this.#processor.shutdown().catch((error: unknown) => {
      this.#failure = reasonOf(error);
    });
    const lost = this.#given - this.#sent;
    return { sent: this.#sent, lost, failure: lost === 0 ? undefined : (this.#failure ?? `more than ${QUEUE_MAX} waited`) };
  }

  /** The exporter, looked over the shoulder: the library says to nobody what was lost. */
  #counting(exporter: SpanExporter): SpanExporter {
    return {
      export: (spans, done) =>
        exporter.export(spans, (result) => {
          // Nought is success.
          if (result.code === 0) this.#sent += spans.length;
          else this.#failure = result.error === undefined ? 'the collector refused them' : reasonOf(result.error);
          done(result);
        }),
      shutdown: () => exporter.shutdown(),
    };
  }

  #readable(span: Span): ReadableSpan {
    const context = (spanId: string, traceId: string) => ({ traceId, spanId, traceFlags: TraceFlags.SAMPLED });
    const own = context(span.spanId, span.traceId);
    return {
      name: span.name,
      kind: span.kind === 'client' ? SpanKind.CLIENT : SpanKind.INTERNAL,
      spanContext: () => own,
      ...(span.parentSpanId !== undefined && { parentSpanContext: context(span.parentSpanId, span.traceId) }),
      startTime: timeOf(span.startWallMs),
      endTime: timeOf(span.endWallMs),
      duration: timeOf(span.endWallMs - span.startWallMs),
      ended: true,
      status: span.failure === undefined ? { code: SpanStatusCode.UNSET } : { code: SpanStatusCode.ERROR, message: span.failure },
      attributes: mutable(span.attributes),
      events: span.notes.map(({ name, atWallMs, attributes }) => ({ name, time: timeOf(atWallMs), attributes: mutable(attributes) })),
      links: span.links.map(({ traceId, spanId }) => ({ context: { ...context(spanId, traceId), isRemote: true } })),
      resource: this.#resource,
      instrumentationScope: { name: 'faultlab', version: this.#version },
      droppedAttributesCount: 0,
      droppedEventsCount: span.notesLost,
      droppedLinksCount: 0,
    };
  }
}

/** Seconds and nanoseconds. */
function timeOf(ms: number): HrTime {
  const seconds = Math.floor(ms / 1_000);
  return [seconds, Math.round((ms - seconds * 1_000) * 1e6)];
}

/** As the library's types want it. */
function mutable(attributes: SpanAttributes): Record<string, string | number | boolean | string[]> {
  return Object.fromEntries(
    Object.entries(attributes).map(([key, value]) => [key, typeof value === 'object' ? [...value] : value] as const),
  );
}

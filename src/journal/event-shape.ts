/**
 * What an event must hold for others to read it: the fold, checks and reports. A journal is a file, and files get damaged or come from another version;
 * an event that lacks something, or is of a type that nobody knows, is a gap: what cannot be read may have mattered. Exchanges are left out, because there are
 * millions of them: `isExchange` looks at these, without a schema.
 */
import { z } from 'zod';
import type { JournalEvent } from './events.js';
import type { Exchange } from './observations.js';

const text = z.string();
const texts = z.array(text);
/** JSON has no infinity: it is written as null. */
const figure = z.number().nullable();
const level = { isOn: z.boolean().optional(), percentage: figure.optional() };
const fault = z.looseObject({
  type: text,
  performs: text,
  phases: texts.optional(),
  links: texts,
  instances: texts,
  durationMs: figure,
  minMatched: z.number(),
});

const plan = z.looseObject({
  title: text,
  file: text,
  environment: text,
  seed: z.number(),
  inputs: z.record(text, text),
  services: z.array(z.looseObject({ name: text, instances: texts, probePaths: texts })),
  links: z.array(z.looseObject({ name: text, from: text, fromService: text, to: text, toService: text, protocol: text })),
  load: z.looseObject({ service: text, routes: z.array(z.looseObject({ name: text })) }).optional(),
  policies: z
    .array(
      z.looseObject({
        name: text,
        from: text,
        to: text,
        preset: z.record(text, z.unknown()).optional(),
        settings: z.record(text, z.unknown()),
        summary: text,
      }),
    )
    .optional(),
  probes: z.array(z.looseObject({ name: text, type: text, mode: text, expectation: text })),
  steps: z.array(z.looseObject({ name: text, kind: text, startAfter: texts, fault: fault.optional() })),
  checks: z.array(z.looseObject({ name: text, check: text, severity: z.enum(['fail', 'warn']) })),
});

const machine = z.looseObject({ host: text, system: text, processor: text, cores: z.number(), memoryBytes: z.number(), node: text });

const wire = { link: text, from: text, to: text, bytesUp: z.number(), bytesDown: z.number() };

const SHAPES: Readonly<Record<Exclude<JournalEvent['type'], 'exchange'>, z.ZodType>> = {
  runStarted: z.looseObject({ run: text, version: text, wallMs: z.number(), plan, machine: machine.optional() }),
  leftover: z.looseObject({ run: text, what: text }),
  serviceStarted: z.looseObject({ instance: text, pid: z.number(), address: text }),
  serviceReady: z.looseObject({ instance: text, tookMs: z.number() }),
  serviceExited: z.looseObject({ instance: text, code: figure, signal: text.nullable(), expected: z.boolean() }),
  dataReplaced: z.looseObject({ instance: text, by: text, keptAs: text }),
  dataCopied: z.looseObject({ instance: text, files: z.number(), bytes: z.number() }),
  phaseStarted: z.looseObject({ phase: text }),
  phaseEnded: z.looseObject({ phase: text }),
  stepStarted: z.looseObject({ step: text }),
  stepEnded: z.looseObject({ step: text, outcome: text }),
  roleFound: z.looseObject({ role: text, instances: texts }),
  faultIntended: z.looseObject({ fault: text, step: text, links: texts, performs: text }),
  faultApplied: z.looseObject({ fault: text, step: text, ...level }),
  faultTurned: z.looseObject({ fault: text, step: text, change: text, ...level }),
  faultReleased: z.looseObject({ fault: text, step: text, released: z.number(), held: z.number() }),
  faultEnded: z.looseObject({ fault: text, step: text, reason: text, matched: figure, applied: figure, skipped: figure }),
  handFault: z.looseObject({ fault: text, change: text, by: text, performs: text, links: texts, processes: texts.optional(), ...level }),
  selfWord: z.looseObject({ instance: text, said: z.record(text, text).nullable() }),
  probeResult: z.looseObject({ probe: text, phase: text, met: z.boolean().nullable(), detail: text }),
  stopTripped: z.looseObject({ condition: text, detail: text }),
  signal: z.looseObject({ name: text }),
  loadEnded: z.looseObject({
    sent: z.number(),
    answered: z.number(),
    failed: z.number(),
    notSent: z.number(),
    lateMsMax: figure,
    percentilesMs: z.record(text, figure),
    notes: texts,
  }),
  observationsLost: z.looseObject({ count: z.number(), reason: text }),
  clockCompared: z.looseObject({ agent: text, links: texts, offsetMs: figure, boundMs: figure }),
  connection: z.looseObject({ ...wire, connection: z.number(), startMs: z.number(), endMs: z.number(), end: text }),
  trafficSum: z.looseObject({ ...wire, outcome: text, fromMs: z.number(), count: z.number(), tookUs: text }),
  note: z.looseObject({ text, by: text.optional() }),
  answer: z.looseObject({ question: text, text, by: text.optional() }),
  gateOpened: z.looseObject({ gate: text, question: text, by: texts, timeoutMs: z.number() }),
  gateClosed: z.looseObject({ gate: text, decision: text, by: text.optional(), inputs: z.record(text, text).optional() }),
  loadChanged: z.looseObject({ step: text, summary: text }),
  programEnded: z.looseObject({ step: text, code: figure, detail: text }),
  healConfirmed: z.looseObject({ tookMs: z.number() }),
  healFailed: z.looseObject({ reason: text }),
  errorRaised: z.looseObject({ code: text, message: text }),
  runEnded: z.looseObject({ status: text, steadyState: text, cleanup: text, reason: text.optional() }),
};

/** What is wrong with an event, as the end of a sentence: `(faultEnded) lacks reason`; undefined if it can be read. */
export function objectionTo(event: Readonly<Record<string, unknown>>): string | undefined {
  const { type } = event;
  if (type === 'exchange') return undefined;
  if (typeof type !== 'string' || !Object.hasOwn(SHAPES, type))
    return `is of a type that this version does not know: ${JSON.stringify(type)}`;
  const parsed = SHAPES[type as keyof typeof SHAPES].safeParse(event);
  return parsed.success ? undefined : `(${type}) lacks ${parsed.error.issues[0]?.path.join('.')}`;
}

const isText = (value: unknown): boolean => typeof value === 'string';
const isTextOrNone = (value: unknown): boolean => value === undefined || typeof value === 'string';
const isFigureOrNone = (value: unknown): boolean => value === undefined || Number.isFinite(value);
const isTextsOrNone = (value: unknown): boolean =>
  value === undefined || (typeof value === 'object' && value !== null && Object.values(value).every(isText));
const isListOrNone = (value: unknown): boolean => value === undefined || Array.isArray(value);

/** Whether it has what every exchange has, and nothing else in place of what some have. */
export function isExchange(exchange: Omit<Exchange, 'kind'>): boolean {
  const { link, from, to, method, path, end, startMs, endMs, connection, ordinal, bytesUp, bytesDown } = exchange;
  if (!(isText(link) && isText(from) && isText(to) && isText(method) && isText(path) && isText(end))) return false;
  if (!(Number.isFinite(startMs) && Number.isFinite(endMs) && Number.isFinite(connection) && Number.isFinite(ordinal))) return false;
  if (!(Number.isFinite(bytesUp) && Number.isFinite(bytesDown))) return false;
  const { token, route, tokens, answerTokens, requestEndMs, responseStartMs, status, grpcStatus, matched, applied, skipped } = exchange;
  if (!(isTextOrNone(token) && isTextOrNone(route) && isFigureOrNone(requestEndMs) && isFigureOrNone(responseStartMs))) return false;
  if (!(isFigureOrNone(status) && isFigureOrNone(grpcStatus) && isListOrNone(matched) && isListOrNone(applied) && isListOrNone(skipped)))
    return false;
  return isTextsOrNone(tokens) && isTextsOrNone(answerTokens);
}

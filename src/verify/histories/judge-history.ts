/**
 * Judges a whole history by one checker: that it makes sense, that the checker knows each operation in it, and then each key by itself. One object that breaks
 * its promise is enough; one that could not be judged leaves the whole open, unless another broke it.
 */
import { grouped } from '../../core/grouped.js';
import { isMap } from '../../core/is-map.js';
import type { Anomaly, Fact, Form, HistoryChecker, HistoryResult, Shape } from './checker.js';
import { unknownResult } from './checker.js';
import type { History } from './history.js';
import type { Operation, Value } from './operation.js';

/** `params` as the checker's own schema made them. */
export function judgeHistory(checker: HistoryChecker, params: unknown, { operations, problems }: History): HistoryResult {
  const [problem] = problems;
  if (problem !== undefined) return unknownResult(`the history makes no sense: ${problem}`);
  if (operations.length === 0) return unknownResult('there is no operation in it');
  const shapes = checker.knows(params);
  for (const operation of operations) {
    const objection = objectionTo(operation, shapes);
    if (objection !== undefined) return unknownResult(`operation ${operation.id} cannot be read: ${objection}`);
  }
  // Of one key, in the order in which they began.
  const inOrder = operations.toSorted((a, b) => a.startMs - b.startMs || a.id - b.id);
  const groups = [...grouped(inOrder, ({ key }) => key)].map(([key, some]) => ({ key, result: checker.check(params, some) }));
  return merge(groups);
}

const FORMS: Readonly<Record<Form, (value: Value | undefined) => boolean>> = {
  none: () => true,
  text: (value) => typeof value === 'string',
  textOrNone: (value) => typeof value === 'string' || value === null,
  twoTexts: (value) => isTexts(value) && value.length === 2,
  texts: (value) => isTexts(value),
  // Sums of fractions hang on the order in which they are added, so one that is off would prove nothing.
  number: (value) => Number.isSafeInteger(value),
  figures: (value) => isMap(value) && Object.values(value).every(Number.isSafeInteger),
};

/** What to say of forms whose names do not say enough. */
const WORDS: Partial<Readonly<Record<Form, string>>> = {
  number: 'a whole number (amounts in the smallest unit)',
  figures: 'whole numbers by name (amounts in the smallest unit)',
};

function wordsFor(form: Form): string {
  return WORDS[form] ?? form;
}

function isTexts(value: Value | undefined): value is readonly string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function objectionTo(operation: Operation, shapes: Readonly<Record<string, Shape>>): string | undefined {
  const { f, input, output, outcome, startMs, endMs } = operation;
  if (!Number.isFinite(startMs) || Number.isNaN(endMs) || endMs < startMs) return 'it ends before it begins';
  if (outcome === 'unknown' ? endMs !== Number.POSITIVE_INFINITY : endMs === Number.POSITIVE_INFINITY)
    return 'what is of unknown outcome has no end, and nothing else';
  const shape = Object.hasOwn(shapes, f) ? shapes[f] : undefined;
  if (shape === undefined) return `expected one of ${Object.keys(shapes).join(', ')}, found ${JSON.stringify(f)}`;
  if (!FORMS[shape.input](input)) return `what ${f} asks should be ${wordsFor(shape.input)}, found ${JSON.stringify(input)}`;
  if (outcome !== 'ok') return undefined;
  if (!FORMS[shape.output](output)) return `what ${f} was answered should be ${wordsFor(shape.output)}, found ${JSON.stringify(output)}`;
  const missing = shape.needs?.find((figure) => !Number.isFinite(operation[figure]));
  return missing === undefined ? undefined : `a ${f} that was done should carry a ${missing}`;
}

function merge(judged: readonly { key: string; result: HistoryResult }[]): HistoryResult {
  const anomalies = judged.flatMap(({ key, result }) => result.anomalies.map((anomaly) => withKey(key, anomaly)));
  const facts = new Map<string, Fact>();
  for (const fact of judged.flatMap(({ result }) => result.facts)) {
    const known = facts.get(fact.name)?.value;
    const value = known === undefined ? fact.value : fact.of === 'sum' ? known + fact.value : Math.max(known, fact.value);
    facts.set(fact.name, { ...fact, value });
  }
  const found = {
    anomalies: anomalies.slice(0, 10),
    anomalyCount: judged.reduce((sum, { result }) => sum + result.anomalyCount, 0),
    facts: [...facts.values()],
  };
  if (found.anomalyCount > 0) return { verdict: 'invalid', ...found };
  const open = judged.find(({ result }) => result.verdict === 'unknown');
  if (open === undefined) return { verdict: 'valid', ...found };
  const of = open.key === '' ? '' : `${JSON.stringify(open.key)}: `;
  return { verdict: 'unknown', reason: `${of}${open.result.reason}`, ...found };
}

function withKey(key: string, anomaly: Anomaly): Anomaly {
  return key === '' ? anomaly : { ...anomaly, says: `${JSON.stringify(key)}: ${anomaly.says}` };
}

/** From the rounds' figures to what is told: medians, spreads and ratios. Pure; the JSON output is what it returns. */
import { median } from './statistics.mjs';

/**
 * One entry a metric: `{ title, unit, better, isPictured, rows }`. A row is `{ subject, state: 'measured', median, min, max, rounds, ratios }`, or
 * `{ subject, state: 'failed' | 'missing', reason }`. A ratio is the median of the rounds' own ratios.
 */
export function summarize(records) {
  const measures = [...new Set(records.map(({ measure }) => measure))];
  return measures.flatMap((measure) => {
    const own = records.filter((record) => record.measure === measure);
    return measure.metrics.map((metric) => summarizeMetric(measure, metric, own));
  });
}

function summarizeMetric(measure, metric, records) {
  const direct = records.find(({ subject }) => subject.role === 'base');
  const series = records
    .filter(({ subject }) => !metric.isAdded || subject.role !== 'base')
    .map((record) => ({ ...record, ...figuresOf(metric, record, direct) }));
  const references = series.filter(({ subject, figures }) => (subject.role !== 'ours' || subject.isReference) && figures.length > 0);
  return {
    measure: measure.name,
    title: metric.title,
    unit: metric.unit,
    better: metric.better,
    isPictured: metric.isPictured ?? false,
    rows: series.map((one) => rowOf(one, references)),
  };
}

/** The metric's figure of each round, or why there is none. */
function figuresOf(metric, { values, failure, missing }, direct) {
  if (failure !== undefined || missing !== undefined) return { figures: [], missing };
  const figures = values.map((value) => value[metric.name]);
  if (figures.includes(undefined)) return { figures: [], missing: 'no process of its own here' };
  if (!metric.isAdded) return { figures };
  if (direct === undefined || direct.failure !== undefined) return { figures: [], missing: 'no direct row to compare with' };
  return { figures: figures.map((figure, round) => figure - direct.values[round][metric.name]) };
}

function rowOf({ subject, failure, missing, figures }, references) {
  if (failure !== undefined) return { subject: subject.name, state: 'failed', reason: failure };
  if (missing !== undefined) return { subject: subject.name, state: 'missing', reason: missing };
  const ratios = references.map((reference) => [reference.subject.name, ratioOf(figures, reference.figures)]);
  return {
    subject: subject.name,
    state: 'measured',
    median: median(figures),
    min: Math.min(...figures),
    max: Math.max(...figures),
    rounds: figures,
    ratios: Object.fromEntries(ratios.filter(([, ratio]) => ratio !== undefined)),
  };
}

/** Undefined if noise has made the other side nothing, or less: an added time can come out so. */
function ratioOf(figures, others) {
  return median(figures.map((figure, round) => figure / others[round]).filter((ratio) => Number.isFinite(ratio) && ratio > 0));
}

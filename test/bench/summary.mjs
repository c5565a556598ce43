/** From the rounds' figures to what is told: medians, spreads and ratios. Pure; the JSON output is what it returns. */
import { median } from './statistics.mjs';

/**
 * One entry a metric: `{ title, unit, better, rows }`. A row is `{ subject, state: 'measured', median, min, max, rounds, ratios }`, or
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
    .map((record) => ({ ...record, figures: figuresOf(metric, record, direct) }));
  const references = series.filter(({ subject, figures }) => subject.role !== 'ours' && figures.length > 0);
  return {
    measure: measure.name,
    title: metric.title,
    unit: metric.unit,
    better: metric.better,
    rows: series.map((one) => rowOf(one, references)),
  };
}

/** The metric's figure of each round; empty if the subject failed, or if there is nothing to subtract. */
function figuresOf(metric, { values, failure }, direct) {
  if (failure !== undefined) return [];
  const figures = values.map((value) => value[metric.name]);
  if (!metric.isAdded) return figures;
  if (direct === undefined || direct.failure !== undefined) return [];
  return figures.map((figure, round) => figure - direct.values[round][metric.name]);
}

function rowOf({ subject, failure, missing, figures }, references) {
  if (failure !== undefined) return { subject: subject.name, state: 'failed', reason: failure };
  if (figures.length === 0) return { subject: subject.name, state: 'missing', reason: missing ?? 'there is no direct row to compare with' };
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

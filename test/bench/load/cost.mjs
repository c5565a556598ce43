/**
 * What something costs a subject, in per cent: requests a second with it beside those without it, and processor time a request likewise. Both are
 * measured twice in one sample, in the order without, with, with, without, so that a machine that changes meanwhile changes both.
 */
import { withCpuTime } from '../proc.mjs';
import { hammer } from './hammer.mjs';

export function costMetrics(what) {
  return [
    { name: 'rate', title: `requests a second lost to ${what}, 32 keep-alive connections`, unit: '%', better: 'less' },
    { name: 'cpu', title: `processor time a request added by ${what}`, unit: '%', better: 'less' },
  ];
}

/** `without` and `between` give the address to load; what `between` has done is undone by the function that it gives beside it. */
export async function sampleCost({ without, between, pids, seconds, signal }) {
  const load = (address) => measured({ address, pids, seconds, signal });
  const before = await load(without);
  const { address, undo } = await between();
  let during;
  try {
    during = [await load(address), await load(address)];
  } finally {
    await undo?.();
  }
  const beside = [before, await load(without)];
  const [rate, usualRate] = [during, beside].map((parts) => sum(parts, 'rate'));
  const [cpu, usualCpu] = [during, beside].map((parts) => sum(parts, 'seconds') / sum(parts, 'count'));
  return { values: { rate: (1 - rate / usualRate) * 100, cpu: Number.isNaN(cpu) ? undefined : (cpu / usualCpu - 1) * 100 } };
}

async function measured({ pids, ...load }) {
  const { result, seconds } = await withCpuTime(pids, () => hammer({ ...load, connections: 32, keepsAlive: true }));
  return { ...result, seconds };
}

const sum = (parts, name) => parts.reduce((total, part) => total + part[name], 0);

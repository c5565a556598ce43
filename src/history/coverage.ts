/**
 * Which failures have been tried on which edge of the topology, and what came of it: edge × fault × check, each with its latest verdict. A
 * verdict is stale when it is too old, or when the plan has changed since; what is stale covers nothing.
 */
import type { RunSummary } from './run-summary.js';

export interface Covered {
  /** `gateway->payments` */
  edge: string;
  fault: string;
  check: string;
  verdict: RunSummary['verdict'];
  run: string;
  ageMs: number;
  /** Why it does not count any more. */
  stale?: 'age' | 'changed';
}

/** `runs` newest first. The plan of a title is what its latest run had; a verdict of an older plan is stale. */
export function coverageOf(runs: readonly RunSummary[], { nowWallMs, expireMs }: { nowWallMs: number; expireMs: number }): Covered[] {
  const latestPlan = new Map<string, string>();
  const cells = new Map<string, Covered>();
  for (const run of runs) {
    if (!latestPlan.has(run.title)) latestPlan.set(run.title, run.planHash);
    for (const cell of cellsOf(run)) {
      const key = JSON.stringify([cell.edge, cell.fault, cell.check]);
      if (cells.has(key)) continue;
      const ageMs = nowWallMs - run.startedWallMs;
      const stale = ageMs > expireMs ? 'age' : latestPlan.get(run.title) === run.planHash ? undefined : 'changed';
      cells.set(key, { ...cell, run: run.run, ageMs, ...(stale !== undefined && { stale }) });
    }
  }
  return [...cells.values()].sort((a, b) => compareText(a.edge, b.edge) || compareText(a.fault, b.fault) || compareText(a.check, b.check));
}

/** What a run says about each edge that a fault of it acted on. A fault that nobody felt covers nothing. */
function cellsOf({ faults, findings }: RunSummary): Pick<Covered, 'edge' | 'fault' | 'check' | 'verdict'>[] {
  return faults.flatMap(({ step, type, edges, applied }) =>
    findings
      .filter((finding) => finding.step === step && finding.check !== 'faultWasFelt')
      .flatMap(({ check, verdict }) =>
        edges.map((edge) => ({ edge, fault: type, check, verdict: applied === 0 ? ('inconclusive' as const) : verdict })),
      ),
  );
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

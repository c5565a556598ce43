/**
 * Whether a defence has noticed a fault of one severity, and after how long, as every caller that has it shows. What a reader gets wrong: not
 * noticed is said only where there was demand, where the fault was felt, and where nobody was away already from the level before.
 */
import type { RecordedSeverity } from '../../journal/events.js';
import type { ExchangeList } from '../../journal/exchanges.js';
import type { FaultWindow, RunRecord, Window } from '../../journal/record.js';
import type { DetectionPoint } from '../check.js';
import { requestsAndDials } from '../inference/cut-dials.js';
import { ejectionHistories } from '../inference/ejection.js';
import { scoreInstance } from '../inference/ejection-score.js';
import type { Interval } from '../inference/statistics.js';
import { instancesOf, unseenFrom, within } from '../inference/traffic.js';
import { duringFault } from './breaker-rules.js';
import { breakerOf, breakerOwners } from './breaker-scene.js';
import { faultOfStep } from './fault-of-step.js';

/** What notices. */
export type Defence = 'ejection' | 'breaker';

export interface DetectionScene {
  from: string;
  to: string;
  defence: Defence;
  minDemand: number;
  record: RunRecord;
  baseline: Window;
}

/** What one caller shows. */
type Notice =
  | { kind: 'unknown'; reason: string }
  | { kind: 'unnoticed'; faulted: ExchangeList }
  | { kind: 'noticed'; atMs: Interval; faulted: ExchangeList };

export interface SeenPoint {
  point: DetectionPoint;
  evidence: readonly number[];
}

export function detectionPoint(scene: DetectionScene, step: string, { value, text }: RecordedSeverity): SeenPoint {
  const of = { step, value, text };
  const unknown = (reason: string, evidence: readonly number[]): SeenPoint => {
    return { point: { ...of, noticed: null, faulted: 0, unknown: reason }, evidence };
  };
  const found = faultOfStep(scene.record, step);
  if (found.kind === 'unusable') return unknown(found.reason, found.evidence);
  const { fault } = found;
  const notices = scene.defence === 'ejection' ? ejections(scene, fault) : openings(scene, fault);
  const doubt = notices.find((notice) => notice.kind === 'unknown');
  if (doubt !== undefined) return unknown(doubt.reason, fault.evidence);
  const seen = notices.filter((notice) => notice.kind !== 'unknown');
  const faulted = seen.flatMap((notice) => [...notice.faulted]);
  const noticed = seen.flatMap((notice) => (notice.kind === 'noticed' ? [notice.atMs] : []));
  const evidence = [...fault.evidence, ...faulted.slice(0, 1).map(({ n }) => n)];
  // One who has not noticed keeps using it.
  if (seen.length === 0 || noticed.length < seen.length) return { point: { ...of, noticed: false, faulted: faulted.length }, evidence };
  const atMs: Interval = [Math.max(...noticed.map(([low]) => low)), Math.max(...noticed.map(([, high]) => high))];
  const before = faulted.filter((request) => request.startMs <= atMs[0]).length;
  const afterMs = [Math.max(0, atMs[0] - fault.fromMs), Math.max(0, atMs[1] - fault.fromMs)] as const;
  return { point: { ...of, noticed: true, afterMs, faulted: before }, evidence };
}

function openings({ record, from, to, minDemand, baseline }: DetectionScene, fault: FaultWindow): readonly Notice[] {
  return breakerOwners(record, from).map((caller): Notice => {
    const view = breakerOf(caller, { to, minDemand, record, fault, baseline });
    if (view.kind === 'unseen') return { kind: 'unknown', reason: view.reason };
    const { faulted } = view.scene;
    const [first] = duringFault(view.scene);
    return first === undefined ? { kind: 'unnoticed', faulted } : { kind: 'noticed', atMs: first.opened, faulted };
  });
}

function ejections({ record, from, to, minDemand, baseline }: DetectionScene, fault: FaultWindow): readonly Notice[] {
  const unseen = unseenFrom(record, from);
  if (unseen !== undefined) return [{ kind: 'unknown', reason: unseen }];
  const instances = instancesOf(record, to);
  return instancesOf(record, from).flatMap((caller) => {
    const requests = requestsAndDials(record, { from: [caller], to: instances, fault });
    const demand = within(requests, fault).length;
    const bad = ejectionHistories({ requests, instances, baseline }).filter(({ instance }) => fault.planned.instances.includes(instance));
    return bad.map((history): Notice => {
      const { instance, share } = history;
      const unknown = (reason: string): Notice => ({ kind: 'unknown', reason });
      const due = Math.floor(share * demand);
      if (due < minDemand) return unknown(`about ${due} requests from ${caller} to ${instance} were due; ${minDemand} are needed to judge`);
      const score = scoreInstance(history, { fault, requests, dueMs: fault.toMs });
      if (score.wasOut) return unknown(`${instance} was out already when the fault began: the rest before it was too short`);
      if (score.detectionMs !== undefined) {
        const [low, high] = score.detectionMs;
        return { kind: 'noticed', atMs: [fault.fromMs + low, fault.fromMs + high], faulted: score.faulted };
      }
      if (score.doubtful.length > 0)
        return unknown(`${instance} got only a trickle of requests: ejected or merely shunned, the traffic does not say`);
      return { kind: 'unnoticed', faulted: score.faulted };
    });
  });
}

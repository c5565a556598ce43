/** What the orchestrator tells the reaper: one of these a line, as JSON. Both come from the same build, so nothing is checked. */
import type { ClockSkew } from '../../dataplane/faults/process-fault.js';
import type { Reach } from './reach.js';

/** What is kept of whom: one of each kind at a time. */
export type KeptOf =
  | { kind: 'hold'; reach: Reach }
  | { kind: 'quota'; pid: number }
  | { kind: 'skew'; file: string }
  | { kind: 'limitFiles'; pid: number }
  | { kind: 'slowFiles'; pid: number };

/** All but `skew` mean the group of the process, and `hold` whoever is reached. */
export type KeptAct =
  /** They are stopped, wholly (0) or for all but a share of the time. */
  | { kind: 'hold'; reach: Reach; runPercent: number }
  /** They get that share of one processor. */
  | { kind: 'quota'; pid: number; percent: number }
  /** Clocks that follow the file are wrong. */
  | { kind: 'skew'; file: string; skew: ClockSkew }
  /** No file that they write may grow beyond that. */
  | { kind: 'limitFiles'; pid: number; bytesMax: number }
  /** They wait so much longer for their files. */
  | { kind: 'slowFiles'; pid: number; latencyMs: number };

export type ReaperOrder =
  /** Ends with the run. */
  | { order: 'own'; pid: number }
  /** It has ended: its number may be somebody else's soon. */
  | { order: 'disown'; pid: number }
  | { order: 'keep'; act: KeptAct; leaseMs: number }
  | { order: 'free'; of: KeptOf }
  /** All that is kept. */
  | { order: 'renew' };

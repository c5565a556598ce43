/** What the orchestrator tells the reaper: one of these a line, as JSON. Both come from the same build, so nothing is checked. */
import type { ClockSkew } from '../../dataplane/faults/process-fault.js';
import type { Reach } from './reach.js';

export type ReaperOrder =
  /** Ends with the run. */
  | { order: 'own'; pid: number }
  /** It has ended: its number may be somebody else's soon. */
  | { order: 'disown'; pid: number }
  /** They are stopped, wholly (0) or for all but a share of the time. */
  | { order: 'hold'; reach: Reach; leaseMs: number; runPercent: number }
  | { order: 'free'; reach: Reach }
  /** Clocks that follow the file are wrong. */
  | { order: 'skew'; file: string; leaseMs: number; skew: ClockSkew }
  | { order: 'setRight'; file: string }
  /** No file that processes of the group write may grow beyond that. */
  | { order: 'limitFiles'; pid: number; leaseMs: number; bytesMax: number }
  | { order: 'freeFiles'; pid: number }
  /** All of the group wait so much longer for their files. */
  | { order: 'slowFiles'; pid: number; leaseMs: number; latencyMs: number }
  | { order: 'freeCalls'; pid: number }
  /** All that is under a lease. */
  | { order: 'renew' };

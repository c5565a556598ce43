/** When which fault was on, of the last hour: from what the daemon tells of its faults, so by-hand ones and those of any run alike. Bounded: beyond so many the oldest go. */
import { type FaultChange, isFaultEnd } from '../../journal/observations.js';
import type { LiveFaultWindow } from './contract.js';

const WINDOWS_MAX = 2_000;
const KEPT_MS = 3_600_000;

export class FaultWindows {
  #windows: LiveFaultWindow[] = [];

  /** The window that has begun or ended by it; undefined if none has. */
  note({ fault, run, change, atMs, performs = '', proxies = [] }: FaultChange): LiveFaultWindow | undefined {
    if (change === 'applied') {
      const window = { fault, run, type: performs, proxies, fromMs: atMs, toMs: null, how: null };
      this.#windows.push(window);
      if (this.#windows.length > WINDOWS_MAX) this.#windows.shift();
      return window;
    }
    if (!isFaultEnd(change)) return undefined;
    const index = this.#windows.findLastIndex((window) => window.fault === fault && window.toMs === null);
    const open = this.#windows[index];
    if (open === undefined) return undefined;
    const ended = { ...open, toMs: atMs, how: change };
    this.#windows[index] = ended;
    return ended;
  }

  /** Oldest first. */
  kept(nowMs: number): readonly LiveFaultWindow[] {
    this.#windows = this.#windows.filter(({ toMs }) => toMs === null || toMs > nowMs - KEPT_MS);
    return this.#windows;
  }
}

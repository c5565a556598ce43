/** Faults of one click: what goes wrong most often, with figures that are felt at once. Pure. */
import type { HandSpec } from './acts.js';

export interface Preset {
  name: string;
  /** What it does, in a few words. */
  about: string;
  fault: Omit<HandSpec, 'id' | 'proxies'>;
}

const partition: Preset = {
  name: 'partition',
  about: 'nothing gets through, and nobody is told; what was held arrives when it ends',
  fault: { type: 'blackhole' },
};
const dead: Preset = { name: 'dead', about: 'new connections are refused', fault: { type: 'refuse', value: { at: 'connection' } } };

const onRequests: readonly Preset[] = [
  { name: 'slow', about: 'every request waits 500 ms longer', fault: { type: 'delay', value: { delay: '500ms', jitter: '100ms' } } },
  { name: 'flaky', about: 'one request in five loses its connection', fault: { type: 'resetExchange', percentage: 20 } },
  {
    name: 'gray',
    about: 'four requests in ten fail with 503, and health checks are spared',
    fault: { type: 'abort', value: { status: 503 }, percentage: 40, exclude: 'probes' },
  },
  dead,
  partition,
];

const onConnections: readonly Preset[] = [
  { name: 'slow', about: 'all bytes take 500 ms longer', fault: { type: 'latency', value: { latency: '500ms', jitter: '100ms' } } },
  { name: 'flaky', about: 'one connection in five is cut', fault: { type: 'reset', percentage: 20 } },
  { name: 'gray', about: 'four connections in ten stand still', fault: { type: 'stall', percentage: 40 } },
  dead,
  partition,
];

/** By what a link carries. */
export function presetsFor(protocol: string): readonly Preset[] {
  return protocol === 'tcp' ? onConnections : onRequests;
}

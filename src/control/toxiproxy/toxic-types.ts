/**
 * Toxiproxy's toxic types, by name. Whatever integer a client sends is accepted and echoed; what our fault gets is that figure with its unit,
 * clamped to what a fault can mean, so that no attribute can hang or crash anything.
 */
import { DURATION_MS_MAX } from '../../core/units.js';
import { bandwidth } from '../../dataplane/faults/tcp/bandwidth.js';
import { latency } from '../../dataplane/faults/tcp/latency.js';
import { limitData } from '../../dataplane/faults/tcp/limit-data.js';
import { noop } from '../../dataplane/faults/tcp/noop.js';
import { reset } from '../../dataplane/faults/tcp/reset.js';
import { slicer } from '../../dataplane/faults/tcp/slicer.js';
import { slowClose } from '../../dataplane/faults/tcp/slow-close.js';
import { stall } from '../../dataplane/faults/tcp/stall.js';
import type { ToxicType } from './toxic-type.js';

/** More than that no network has: a terabyte, and a terabyte a second. */
const BYTES_MAX = 1e12;

const clamp = (value: number, { min = 0, max }: { min?: number; max: number }): number => Math.min(Math.max(value, min), max);
const ms = (value: number): string => `${clamp(value, { max: DURATION_MS_MAX })}ms`;
const us = (value: number): string => `${clamp(value, { max: DURATION_MS_MAX * 1_000 })}us`;
const bytes = (value: number, min = 0): string => `${clamp(value, { min, max: BYTES_MAX })}B`;

export const toxicTypes: Readonly<Record<string, ToxicType>> = {
  bandwidth: {
    struct: 'BandwidthToxic',
    attributes: { rate: 'int64' },
    fault: ({ rate = 0 }) => ({ type: bandwidth.name, value: { rate: `${clamp(rate, { max: BYTES_MAX / 1_000 })}KB/s` } }),
  },
  latency: {
    struct: 'LatencyToxic',
    attributes: { latency: 'int64', jitter: 'int64' },
    // Toxiproxy delays chunks alone: it has dialled before, and an end right behind a chunk leaves with it.
    fault: ({ latency: latencyMs = 0, jitter = 0 }) => ({
      type: latency.name,
      value: { latency: ms(latencyMs), jitter: ms(jitter) },
      dataOnly: true,
    }),
  },
  limit_data: {
    struct: 'LimitDataToxic',
    attributes: { bytes: 'int64' },
    fault: ({ bytes: byteCount = 0 }) => ({ type: limitData.name, value: { bytes: bytes(byteCount) } }),
  },
  noop: { struct: 'NoopToxic', attributes: {}, fault: () => ({ type: noop.name, value: {} }) },
  reset_peer: {
    struct: 'ResetToxic',
    attributes: { timeout: 'int64' },
    fault: ({ timeout = 0 }) => ({ type: reset.name, value: { after: ms(timeout), trigger: 'data' } }),
  },
  slicer: {
    struct: 'SlicerToxic',
    attributes: { average_size: 'int', size_variation: 'int', delay: 'int' },
    fault: ({ average_size: averageSize = 0, size_variation: sizeVariation = 0, delay = 0 }) => ({
      type: slicer.name,
      value: {
        averageSize: bytes(averageSize, 1),
        sizeVariation: bytes(sizeVariation),
        delay: us(delay),
      },
    }),
  },
  slow_close: {
    struct: 'SlowCloseToxic',
    attributes: { delay: 'int64' },
    fault: ({ delay = 0 }) => ({ type: slowClose.name, value: { delay: ms(delay) } }),
  },
  timeout: {
    struct: 'TimeoutToxic',
    attributes: { timeout: 'int64' },
    fault: ({ timeout = 0 }) => ({ type: stall.name, value: { timeout: ms(timeout) } }),
  },
};

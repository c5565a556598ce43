/**
 * Quantities at the edge. In YAML and in the API a quantity carries its unit (`250ms`, `64KiB`, `120/s`); here it becomes a plain
 * number whose unit stands in the variable's name. A bare number is refused with the right form in the message.
 */
import { z } from 'zod';

const DURATION_MS: Readonly<Record<string, number>> = { us: 1e-3, ms: 1, s: 1e3, m: 60e3, h: 3_600e3 };
const SIZE_BYTES: Readonly<Record<string, number>> = { B: 1, KB: 1e3, MB: 1e6, GB: 1e9, KiB: 1024, MiB: 1024 ** 2, GiB: 1024 ** 3 };
const BYTES_PER_SECOND: Readonly<Record<string, number>> = {
  ...SIZE_BYTES,
  bit: 1 / 8,
  kbit: 1e3 / 8,
  Mbit: 1e6 / 8,
  Gbit: 1e9 / 8,
};
const PER_SECOND: Readonly<Record<string, number>> = { s: 1, m: 1 / 60, h: 1 / 3600 };

/** A day: no lease, delay or wait in a lab is meant to last longer, and a larger figure is a slip of the unit. */
export const DURATION_MS_MAX = 24 * 3_600e3;

interface Quantity {
  name: string;
  example: string;
  pattern: RegExp;
  factors: Readonly<Record<string, number>>;
  /** What `min` and `max` are in. */
  unit: string;
  min: number;
  max: number;
  /** There is no half of it. */
  isWhole?: boolean;
}

function quantity({ name, example, pattern, factors, unit, min, max, isWhole = false }: Quantity) {
  return z
    .union([z.string(), z.number()])
    .transform((input, context): number => {
      const match = typeof input === 'string' ? pattern.exec(input) : null;
      const exact = match ? Number(match[1]) * (factors[match[2] ?? ''] ?? Number.NaN) : Number.NaN;
      const value = isWhole ? Math.round(exact) : exact;
      if (Number.isFinite(value) && value >= min && value <= max) return value;
      const bare = typeof input === 'number' ? ', a number without a unit' : '';
      const found = typeof input === 'number' ? String(input) : JSON.stringify(input);
      const range = Number.isFinite(value) ? ` between ${min}${unit} and ${max}${unit}` : '';
      context.addIssue({ code: 'custom', message: `expected ${name}${range}, like ${example}; found ${found}${bare}` });
      return z.NEVER;
    })
    .meta({ description: `${name}, like ${example}`, examples: [example] });
}

/** `250ms`, `30s`, `2m` → milliseconds. Range 0…24 h unless `minMs` says otherwise. */
export function duration({ minMs = 0, maxMs = DURATION_MS_MAX }: { minMs?: number; maxMs?: number } = {}) {
  return quantity({
    name: 'a duration with its unit (us, ms, s, m, h)',
    example: '250ms',
    pattern: /^(\d+(?:\.\d+)?)(us|ms|s|m|h)$/,
    factors: DURATION_MS,
    unit: 'ms',
    min: minMs,
    max: maxMs,
  });
}

/** `64KiB`, `1MB` → whole bytes. Range 0…1 TB unless `minBytes` says otherwise. */
export function size({ minBytes = 0 }: { minBytes?: number } = {}) {
  return quantity({
    name: 'a size with its unit (B, KB, MB, GB, KiB, MiB, GiB)',
    example: '64KiB',
    pattern: /^(\d+(?:\.\d+)?)(B|KB|MB|GB|KiB|MiB|GiB)$/,
    factors: SIZE_BYTES,
    unit: 'B',
    min: minBytes,
    max: 1e12,
    isWhole: true,
  });
}

/** `1MB/s`, `256KiB/s`, `10Mbit/s` → bytes per second. Range 0…1 TB/s. */
export function throughput() {
  return quantity({
    name: 'a throughput (B/s, KB/s, MB/s, GB/s, KiB/s …, bit/s, kbit/s, Mbit/s, Gbit/s)',
    example: '1MB/s',
    pattern: /^(\d+(?:\.\d+)?)(B|KB|MB|GB|KiB|MiB|GiB|bit|kbit|Mbit|Gbit)\/s$/,
    factors: BYTES_PER_SECOND,
    unit: 'B/s',
    min: 0,
    max: 1e12,
  });
}

/** `120/s`, `6/m` → events per second. Range 0…1,000,000. */
export function rate() {
  return quantity({
    name: 'a rate (/s, /m, /h)',
    example: '120/s',
    pattern: /^(\d+(?:\.\d+)?)\/(s|m|h)$/,
    factors: PER_SECOND,
    unit: '/s',
    min: 0,
    max: 1e6,
  });
}

/** 0…100, as a number or with a per cent sign. Stays a percentage: divide where it is used. */
export function percentage() {
  return z
    .union([z.number(), z.string()])
    .transform((input, context): number => {
      const text = typeof input === 'string' ? /^(\d+(?:\.\d+)?)\s*%?$/.exec(input)?.[1] : undefined;
      const value = typeof input === 'number' ? input : Number(text ?? Number.NaN);
      if (value >= 0 && value <= 100) return value;
      context.addIssue({ code: 'custom', message: `expected a percentage from 0 to 100, like 40 or 40%; found ${JSON.stringify(input)}` });
      return z.NEVER;
    })
    .meta({ description: 'a percentage from 0 to 100', examples: [40] });
}

/** 1234.5 → `1.23s`: three significant digits and the unit a person would choose. For display only. */
export function formatMs(ms: number): string {
  if (!Number.isFinite(ms)) return '–';
  const magnitude = Math.abs(ms);
  if (magnitude >= 120e3) return `${(ms / 60e3).toFixed(1)}m`;
  if (magnitude >= 1e3) return `${(ms / 1e3).toFixed(2)}s`;
  if (magnitude >= 10 || magnitude === 0) return `${Math.round(ms)}ms`;
  if (magnitude >= 0.1) return `${ms.toFixed(1)}ms`;
  return `${Math.round(ms * 1e3)}us`;
}

import { Writable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import type { Exchange } from '../../../src/journal/observations.js';
import { Outbox } from '../../../src/orchestrator/workloads/outbox.js';

const exchange = { kind: 'exchange', path: 'x'.repeat(200) } as Exchange;

/** A parent that reads, or one that does not. */
function parent({ reads }: { reads: boolean }) {
  const lines: string[] = [];
  const output = new Writable({
    write(chunk, _, done) {
      lines.push(String(chunk));
      if (reads) done();
    },
  });
  return { output, lines };
}

describe('outbox', () => {
  it('hands exchanges over in order, and the last line after them', async () => {
    const { output, lines } = parent({ reads: true });
    const outbox = new Outbox(output);
    for (let ordinal = 1; ordinal <= 3_000; ordinal++) outbox.add({ ...exchange, ordinal });
    outbox.flush();
    outbox.add({ ...exchange, ordinal: 3_001 });
    await outbox.end({ type: 'exchanges', exchanges: [] });
    const ordinals = lines.flatMap((line) => (JSON.parse(line) as { exchanges: Exchange[] }).exchanges.map(({ ordinal }) => ordinal));
    expect(ordinals).toEqual(Array.from({ length: 3_001 }, (_, i) => i + 1));
    expect(outbox.lost).toBe(0);
  });

  it('keeps a bounded number for a parent that does not read, and counts the rest', () => {
    const { output } = parent({ reads: false });
    const outbox = new Outbox(output);
    for (let i = 0; i < 100_000; i++) {
      outbox.add(exchange);
      if (i % 100 === 0) outbox.flush();
    }
    expect(outbox.lost).toBeGreaterThan(30_000);
    expect(output.writableLength).toBeLessThan(2 * 1024 * 1024);
  });
});

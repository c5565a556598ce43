import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { planFile } from '../../../src/cli/experiment-files.js';
import { playSchema } from '../../../src/experiment/schema/play.js';

const folder = join(import.meta.dirname, '../../../experiments/play');

describe('play', () => {
  it.each(readdirSync(folder))('of %s is planned, and names services that there are', async (file) => {
    const { recorded } = await planFile(join(folder, file), { variables: {} });
    expect(recorded.play?.tryThis.length).toBeGreaterThan(2);
    expect(recorded.play?.counts.length).toBeGreaterThan(0);
    expect(recorded.title).toBe(`play-${file.replace('.yaml', '')}`);
    expect(recorded.checks.length).toBeGreaterThan(0);
  });

  it('asks for a path and for keys', () => {
    const words = { service: 'quorum', path: '/role', show: ['role'] };
    expect(playSchema.safeParse({ about: 'x', words: [words] }).success).toBe(true);
    expect(playSchema.safeParse({ about: 'x', words: [{ ...words, path: 'role' }] }).success).toBe(false);
    expect(playSchema.safeParse({ about: 'x', words: [{ ...words, show: [] }] }).success).toBe(false);
  });
});

/** The caps on length are lint rules; this is their negative control, because a glob that matches nothing fails nothing. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { root } from './source.js';

const folder = mkdtempSync(join(root, 'node_modules/.faultlab-limits-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What the linter says to a file of the repository with this path and text. */
function lint(path: string, text: string): string {
  const file = join(folder, path);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const args = ['-c', join(root, 'test/oxlint.json'), '--no-ignore', file];
  const { stdout, stderr } = spawnSync(join(root, 'node_modules/.bin/oxlint'), args, { cwd: folder, encoding: 'utf8' });
  return stdout + stderr;
}

const longFunction = `export function long(): void {\n${'  void 0;\n'.repeat(60)}}\n`;
const longFile =
  'export const a = 1;\n'.replace('a', 'a0') + Array.from({ length: 300 }, (_, i) => `export const b${i} = ${i};\n`).join('');

describe('the caps on length', () => {
  it('catch a function of more than 60 lines and a file of more than 300', () => {
    expect(lint('src/core/long-function.ts', longFunction)).toContain('max-lines-per-function');
    expect(lint('src/core/long-file.ts', longFile)).toContain('max-lines');
  });

  it('catch a plugin of more than 120 lines', () => {
    const text = longFile.split('\n').slice(0, 125).join('\n');
    expect(lint('src/verify/checks/long.ts', text)).toContain('max-lines');
    expect(lint('src/core/not-so-long.ts', text)).not.toContain('max-lines');
  });

  it('leave tests alone', () => {
    expect(lint('test/long.test.ts', longFunction + longFile)).not.toContain('max-lines');
  });
});

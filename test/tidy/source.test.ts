import { describe, expect, it } from 'vitest';
import { placeOf, sourceOf } from './source.js';

const source = sourceOf(
  'src/room/file.ts',
  `import { a } from '../core/a.js';
import type { B } from './b.js';
export { c } from './c.js';
import fs from 'node:fs';
// setTimeout in a comment
const text = 'setTimeout in a string';
const template = \`setTimeout \${live(\`setTimeout \${deeper}\`)} setTimeout\`;
const expression = /setTimeout['"\`]/;
const prose = \`it's \${kept} and 'so' it's { not\`;
const ratio = a / b / c;
const later = await import('./d.js');
setInterval(() => {}, 1);
`,
);

describe('a source as the rules see it', () => {
  it('has its imports resolved to files of ours', () => {
    expect(source.imports.map((i) => [i.target ?? i.specifier, i.typeOnly])).toEqual([
      ['src/core/a.ts', false],
      ['src/room/b.ts', true],
      ['src/room/c.ts', false],
      ['node:fs', false],
      ['src/room/d.ts', false],
    ]);
  });

  it('shows no word of a comment, string, template or expression, and all of the code', () => {
    expect(source.code).not.toContain('setTimeout');
    for (const kept of ['live(', 'kept', 'deeper', 'a / b / c', 'setInterval']) expect(source.code).toContain(kept);
    expect(source.code.length).toBe(source.text.length);
  });

  it('names the line of what was found', () => {
    expect(placeOf(source, source.code.indexOf('setInterval'))).toBe('src/room/file.ts:12');
  });
});

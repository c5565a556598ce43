/** One page a check beside the checks: its definition and what it says are up to date, what only people can write is there. `npm run docs` writes them. */
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { checks } from '../../src/verify/checks/catalog.js';
import { definitionPart, filledPage, findingsPart } from './check-page.js';
import { SAMPLE_FINDINGS } from './sample-findings.js';

const FOLDER = new URL('../../src/verify/checks/docs/', import.meta.url);
const fileOf = (check: string): string => `${check.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}.md`;
const read = (file: string): string => readFileSync(new URL(file, FOLDER), 'utf8');

describe('the pages of the checks', () => {
  it('are one for each check, and no other', () => {
    const pages = readdirSync(FOLDER).filter((file) => file.endsWith('.md'));
    expect(pages.sort()).toEqual(checks.names.map(fileOf).sort());
    expect(Object.keys(SAMPLE_FINDINGS).sort()).toEqual([...checks.names].sort());
  });

  it.each(checks.names)('%s: is up to date with its definition and with what it says', async (name) => {
    const check = checks.get(name);
    const judgements = SAMPLE_FINDINGS[name]?.() ?? [];
    if (check === undefined) throw new Error(`no check ${name}`);
    const page = filledPage(read(fileOf(name)), { definition: definitionPart(check), findings: findingsPart(judgements) });
    await expect(page).toMatchFileSnapshot(fileURLToPath(new URL(fileOf(name), FOLDER)));
  });

  it.each(checks.names)('%s: says what it sees, what it cannot see and how much it needs, and shows each verdict', (name) => {
    const page = read(fileOf(name));
    for (const heading of ['What it sees', 'What it cannot see', 'How much it needs', 'What a finding says']) {
      const section = new RegExp(`\\n## ${heading}\\n+([^#]{15,})`).exec(page);
      expect(section, heading).not.toBeNull();
    }
    expect(page).toContain('✔ PASS');
    expect(page).toContain('? INCONCLUSIVE');
  });

  it('would be found stale', () => {
    const page = read(fileOf('circuitBreaker'));
    const other = filledPage(page, { definition: 'another', findings: 'another' });
    expect(other).not.toBe(page);
    expect(other).toContain('## What it cannot see');
  });

  it('show pictures that are there', () => {
    const pictures = checks.names.flatMap((name) =>
      [...read(fileOf(name)).matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map((match) => match[1] ?? ''),
    );
    expect(pictures.length).toBeGreaterThan(0);
    for (const picture of pictures) expect(read(picture)).toContain('<svg');
  });
});

import { describe, expect, it } from 'vitest';
import { judgeFolder } from '../../../src/cli/verdict.js';
import { picturesOf } from '../../../src/reports/page/pictures.js';
import { forThisTest } from '../../support/for-this-test.js';
import { storedRun } from '../../support/stored-run.js';

const pictures = async () => picturesOf(await judgeFolder(forThisTest(await storedRun({ matched: 4 })).folder));

describe('pictures of a run', () => {
  it('need nothing beside them: each is an SVG with its looks in it', async () => {
    const [timeline] = await pictures();
    const svg = timeline?.draw() ?? '';
    expect(svg).toMatch(/^<svg xmlns="http:\/\/www\.w3\.org\/2000\/svg" class="timeline"[^>]*><style>/);
    expect(svg.match(/<svg/g)).toHaveLength(1);
    expect(svg).not.toMatch(/<script|href=|@import|url\(http/);
  });

  it('are light or dark for who says so, and follow the reader else', async () => {
    const [timeline] = await pictures();
    expect(timeline?.draw()).toContain('@media (prefers-color-scheme:dark)');
    expect(timeline?.draw('light')).toContain('@media not all');
    expect(timeline?.draw('dark')).toContain('@media screen{:root{--ground:#11161d');
  });
});

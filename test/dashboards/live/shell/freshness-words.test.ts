import { describe, expect, it } from 'vitest';
import { freshnessWords } from '../../../../dashboards/live/src/shell/freshness-words.js';

const atMs = Date.UTC(2026, 10, 22, 12);

describe('how fresh the page says it is', () => {
  it('is live for as long as something comes every second', () => {
    expect(freshnessWords({ kind: 'live', heardMs: atMs }, atMs + 1_200)).toMatchObject({ look: 'live', text: 'live' });
  });

  it('says since when there is no news, before it is known why', () => {
    const { look, text, more } = freshnessWords({ kind: 'live', heardMs: atMs }, atMs + 4_000);
    expect([look, text.startsWith('no news since'), more]).toEqual(['stale', true, ', 4 s']);
  });

  it('says since when it is stale and when it tries again, the changing part apart', () => {
    const stale = { kind: 'stale', sinceMs: atMs, retryMs: atMs + 5_000, reason: 'refused' } as const;
    expect(freshnessWords(stale, atMs + 2_000).more).toBe(' · connecting again in 3 s');
    expect(freshnessWords(stale, atMs + 6_000).more).toBe(' · connecting again');
    expect(freshnessWords(stale, atMs + 2_000).text).toBe(freshnessWords(stale, atMs + 4_000).text);
  });
});

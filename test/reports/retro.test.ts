import { describe, expect, it } from 'vitest';
import { html } from '../../src/reports/html.js';
import { json } from '../../src/reports/json.js';
import { markdown } from '../../src/reports/markdown.js';
import { reportDocument } from '../../src/reports/report-document.js';
import { retroOf } from '../../src/reports/retro.js';
import { gameDayReport, peopledReport } from '../support/journal.js';

const small = { ratePerSecond: 6, pace: 0.1, bad: true, ejection: false };
const peopled = peopledReport(small);

describe('looking back', () => {
  it('tells acts with what was promised of them, and those that were never reached', () => {
    expect(retroOf(peopled)?.acts).toMatchObject([
      { title: 'One host goes gray', outcome: 'completed', findings: [{ name: 'the-gray-host-is-ejected' }] },
      { title: 'Payments are down', outcome: 'completed' },
      { title: 'What was never reached', outcome: 'never started', findings: [] },
    ]);
  });

  it('tells who said and decided what, in order, with how long a gate waited', () => {
    expect(retroOf(peopled)?.said).toMatchObject([
      { kind: 'gate', gate: 'go', decision: 'approved', by: 'ann', waitedMs: expect.closeTo(680) },
      { kind: 'note', by: 'bob', text: 'support sees slow checkouts' },
      { kind: 'gate', gate: 'again', decision: 'timedOut', by: 'nobody' },
    ]);
  });

  it('tells what nobody had planned, and which questions stay open', () => {
    expect(retroOf(peopled)?.surprises.map(({ sentence }) => sentence)).toEqual(['payments-1 exited by itself (code 1)']);
    expect(retroOf(peopled)?.questions).toEqual([
      { question: 'What surprised you?', answers: [{ by: 'ann', text: 'that nobody was paged' }] },
      { question: 'What will you change?', answers: [] },
    ]);
  });

  it('tells answers to what its plan did not ask: the questions of a day that ended with it', () => {
    const [event] = peopled.record.events;
    if (event === undefined) throw new Error('expected events');
    const { n, atMs } = event;
    const answer = { n, atMs, type: 'answer', question: 'And the day?', text: 'long', by: 'eve' } as const;
    const ended = { ...peopled, record: { ...peopled.record, events: [...peopled.record.events, answer] } };
    expect(retroOf(ended)?.questions.at(-1)).toEqual({ question: 'And the day?', answers: [{ by: 'eve', text: 'long' }] });
  });

  it('is no part of an experiment that nobody spoke into', () => {
    const quiet = gameDayReport(small);
    expect(retroOf(quiet)).toBeUndefined();
    expect(html.render(quiet)).not.toContain('id="retro"');
    const noted = { ...quiet, record: { ...quiet.record, events: peopled.record.events } };
    expect(html.render(noted)).toContain('What people saw and decided');
    expect(markdown.render(noted)).not.toContain('What went as expected');
  });

  it('can do with game days of before, which did not name the steps of acts', () => {
    const { gameDay } = peopled.record.plan;
    const acts = gameDay?.acts.map(({ name, title }) => ({ name, title })) ?? [];
    const old = { ...peopled.record, plan: { ...peopled.record.plan, ...(gameDay && { gameDay: { ...gameDay, acts } }) } };
    expect(retroOf({ ...peopled, record: old })?.acts[0]).toMatchObject({ outcome: 'unknown', findings: [] });
  });

  it('looks on the page as it did when somebody last looked at it', async () => {
    const page = html.render(peopled);
    const section = /<h2 id="retro">[\s\S]*?(?=<h2 id="timeline">)/.exec(page)?.[0];
    await expect(section).toMatchFileSnapshot('golden/retro.html');
    const picture = /<svg[\s\S]*<\/svg>/.exec(page)?.[0] ?? '';
    expect(picture).toContain('bob: support sees slow checkouts</title>');
    expect(picture).toContain('go: approved, ann</title>');
    expect(page).toContain('lab-1: 2 cores of Test CPU, 4 GiB, linux 6.1.0 x64, node v20.20.2');
  });

  it('looks in Markdown as it did when somebody last looked at it', async () => {
    await expect(markdown.render(peopled)).toMatchFileSnapshot('golden/retro.md');
  });

  it('is in the report for programs, as promised', () => {
    const document = reportDocument.parse(JSON.parse(json.render(peopled)));
    expect(document.gameDay).toMatchObject({ briefedBy: 'eve', people: [{ name: 'ann' }, { name: 'bob', role: null }] });
    expect(document.said).toHaveLength(3);
    expect(document.run.machine).toMatchObject({ host: 'lab-1', cores: 2 });
  });
});

import { describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { renderLive } from '../../src/reports/live.js';
import { frontDoorOf, type LiveView, plainLine, reduceView, startView } from '../../src/reports/live-view.js';
import { gameDay } from '../support/journal.js';

const { events } = gameDay({ ratePerSecond: 30, pace: 0.25 });
const startedMs = events[0]?.atMs ?? 0;

function viewAt(isIt: (event: JournalEvent) => boolean): LiveView {
  let view = startView({ plannedMs: 20_000 });
  for (const event of events) {
    view = reduceView(view, event);
    if (isIt(event)) break;
  }
  return view;
}

const gray = viewAt((e) => e.type === 'stepStarted' && e.step === 'gray-host-returns');
const inFault = viewAt((e) => e.type === 'faultApplied' && e.step === 'payments-down');

describe('the live view', () => {
  it('holds the faults that are on, and no others', () => {
    expect(inFault.faults.map((f) => f.step)).toEqual(['payments-down']);
    expect(gray.faults).toEqual([]);
  });

  it('counts as harmed what failed once a fault had been on', () => {
    const before = viewAt((e) => e.type === 'faultApplied');
    expect(before.harmed).toBe(0);
    expect(gray.harmed).toBeGreaterThan(0);
    expect(gray.sent).toBeGreaterThan(gray.harmed);
  });

  it('measures the front door over whole seconds', () => {
    const { ratePerSecond, successRatio } = frontDoorOf(gray, gray.nowMs);
    expect(ratePerSecond).toBeGreaterThan(25);
    expect(ratePerSecond).toBeLessThan(35);
    expect(successRatio).not.toBeNull();
  });

  it('goes on by the sums of a long run, which come late and without single times', () => {
    const second = Math.floor(gray.nowMs / 1_000) + 60;
    const sum = {
      type: 'trafficSum',
      link: 'load->gateway-1',
      from: 'load',
      to: 'gateway-1',
      bytesUp: 0,
      bytesDown: 0,
      tookUs: '',
    } as const;
    const one = { ...sum, n: 1, atMs: (second + 6) * 1_000, fromMs: second * 1_000 };
    const summed = [
      { ...one, outcome: '2xx' as const, count: 900 },
      { ...one, outcome: '5xx' as const, count: 100 },
    ].reduce<LiveView>(reduceView, gray);
    expect(frontDoorOf(summed, one.atMs + 500)).toEqual({ ratePerSecond: 1_000, successRatio: 0.9, p99Ms: null });
    expect(summed.sent - gray.sent).toBe(1_000);
    expect(summed.harmed - gray.harmed).toBe(100);
    expect(renderLive(summed, { nowMs: one.atMs + 500 }).join('\n')).toContain('1000/s   good 90 %   summed, seconds late');
  });

  it('does not grow with the run', () => {
    const end = viewAt((e) => e.type === 'runEnded');
    expect(end.seconds.length).toBeLessThanOrEqual(6);
    expect(end.news.length).toBeLessThanOrEqual(3);
  });

  it('leaves the earlier view as it was', () => {
    const before = structuredClone(inFault);
    for (const event of events) reduceView(inFault, event);
    expect(inFault).toEqual(before);
  });
});

describe('the live lines', () => {
  it('look as they did when somebody last looked at them', async () => {
    const lines = renderLive(inFault, { nowMs: inFault.nowMs + 500, columns: 100 });
    await expect(`${lines.join('\n')}\n`).toMatchFileSnapshot('golden/live.txt');
  });

  it.each([20, 40, 80, 200])('are at most eighteen, each in two at most, and fit in %i columns', (columns) => {
    const gates = [{ gate: 'go', question: 'Is everybody at the table?', by: ['ann'], untilMs: inFault.nowMs + 60_000 }];
    const soFar = Array.from({ length: 30 }, (_, i) => ({
      name: `promise-${i}`,
      state: i % 2 === 0 ? ('fail' as const) : ('open' as const),
    }));
    const many = { ...inFault, lost: 3, faults: Array.from({ length: 30 }, () => inFault.faults).flat(), gates, soFar };
    const input = { text: 'w'.repeat(300), cursor: 250, hint: '' };
    const lines = renderLive(many, { nowMs: many.nowMs, columns, input });
    expect(lines.length).toBeLessThanOrEqual(columns < 100 ? 36 : 18);
    expect(Math.max(...lines.map((l) => l.length))).toBeLessThan(Math.max(21, columns));
  });

  it('can be drawn before anything has happened', () => {
    expect(renderLive(startView(), { nowMs: 1 }).join('\n')).toContain('no answers in the last seconds');
  });

  it('name the promises that are broken first, and count the open ones', () => {
    const soFar = [
      { name: 'kept', state: 'pass' },
      { name: 'open', state: 'open' },
      { name: 'broken', state: 'fail' },
    ] as const;
    expect(renderLive({ ...inFault, soFar }, { nowMs: inFault.nowMs }).join('\n')).toContain('so far     ✘ broken   ✔ kept   · 1 open');
  });

  it('say what waits for whom, and how it is answered from here or from elsewhere', () => {
    const opened = {
      type: 'gateOpened',
      n: 1,
      atMs: inFault.nowMs,
      gate: 'go',
      question: 'Ready?',
      by: ['ann'],
      timeoutMs: 60_000,
    } as const;
    const waiting = reduceView(inFault, opened);
    const text = renderLive(waiting, { nowMs: opened.atMs + 1_000 }).join('\n');
    expect(text).toContain('waits      go: Ready? (ann), 0:59.0 left');
    expect(text).toContain('faultlab approve go');
    const typing = renderLive(waiting, { nowMs: opened.atMs, input: { text: 'ye', cursor: 2, hint: '' } }).join('\n');
    expect(typing).toContain('y approves · n refuses');
    expect(typing).toContain('> ye▏');
    const closed = reduceView(waiting, { type: 'gateClosed', n: 2, atMs: opened.atMs, gate: 'go', decision: 'approved', by: 'ann' });
    expect(renderLive(closed, { nowMs: opened.atMs }).join('\n')).not.toContain('waits      ');
  });

  it('lose nothing of what matters on a terminal half as wide as usual', () => {
    const lines = renderLive(inFault, { nowMs: inFault.nowMs, columns: 46 });
    expect(lines.join('\n')).toMatch(/0:09\.0 of about 0:20\.0[\s\S]*harmed so far 5 of 210[\s\S]*left\)[\s\S]*ends every fault/);
    expect(lines[0]).not.toContain('…');
  });

  it('keep the cursor in sight on a narrow terminal', () => {
    const input = { text: 'a'.repeat(200), cursor: 200, hint: '' };
    expect(renderLive(inFault, { nowMs: inFault.nowMs, columns: 40, input }).join('\n')).toMatch(/a▏/);
  });

  it('name the lever, until there is nothing left to stop', () => {
    expect(renderLive(inFault, { nowMs: 1 }).join('\n')).toContain('faultlab halt');
    expect(renderLive(inFault, { nowMs: 1, isOver: true }).join('\n')).not.toContain('faultlab halt');
  });

  it('say how long a fault has still to go', () => {
    const [fault] = inFault.faults;
    const text = renderLive(inFault, { nowMs: (fault?.untilMs ?? 0) - 1_500 }).join('\n');
    expect(text).toContain('payments-down');
    expect(text).toContain('0:01.5 left');
  });
});

describe('plain lines', () => {
  it('tell the story without the traffic', () => {
    const lines = events.map((e) => plainLine(e, startedMs)).filter((line) => line !== undefined);
    expect(lines.length).toBeLessThan(40);
    expect(lines.join('\n')).toMatch(
      /fault on: one-host-goes-gray[\s\S]*fault off: one-host-goes-gray \(its time was up\)[\s\S]*healing confirmed/,
    );
  });

  it('speak of a probe that is not met, and keep quiet about one that is', () => {
    const result = { type: 'probeResult', n: 1, atMs: 0, probe: 'p', phase: 'method', value: 1, detail: 'one' } as const;
    expect(plainLine({ ...result, met: true }, 0)).toBeUndefined();
    expect(plainLine({ ...result, met: false }, 0)).toContain('probe p not met: one');
  });
});

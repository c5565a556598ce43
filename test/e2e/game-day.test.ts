/** A game day with people: on a real terminal, where they are asked, and without one, where they are not. */
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JournalEvent } from '../../src/journal/events.js';
import { listRuns } from '../../src/journal/store.js';
import { faultlab, Scratch } from './faultlab.js';
import { CTRL_C, ENTER, Terminal } from './terminal.js';

const TIMEOUT_MS = 90_000;

let back: Server;
let backAddress: string;
beforeAll(async () => {
  back = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1');
  await once(back, 'listening');
  backAddress = `127.0.0.1:${(back.address() as AddressInfo).port}`;
});
afterAll(() => {
  back.closeAllConnections();
  back.close();
});

const gameDay = ({ by = 'ann', timeout = '60s', duration = '500ms' } = {}) => `
apiVersion: faultlab/v1
kind: GameDay
metadata: {name: small-day}
environment: local
seed: 1
people: [{name: ann, role: commander}]
briefing: One host will be ill.
questions: [What surprised you?, What is next?]
topology:
  services:
    front: {protocol: tcp, instances: 1, argv: [node, -e, "require('net').createServer().listen(process.env.PORT, '127.0.0.1')"], env: {PORT: "\${self.port}"}}
    back: {protocol: http, instances: [{name: back-1, address: "${backAddress}"}]}
  links: [{from: front, to: back}]
steadyState: {baseline: 200ms, settle: 200ms}
stopConditions: []
acts:
  - name: first
    title: The host is ill
    serial:
      - parallel:
          - {name: failing, fault: {type: abort, target: {from: front, to: back}, value: {status: 503}, duration: ${duration}, minMatched: 1}}
          - {name: go, approve: {by: [${by}], question: Is everybody here?, timeout: ${timeout}, onTimeout: continue}}
`;

async function journalOf(out: string): Promise<JournalEvent[]> {
  const [run] = await listRuns(out);
  const text = await readFile(join(out, run ?? '', 'journal.jsonl'), 'utf8');
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as JournalEvent);
}
const find = <T extends JournalEvent['type']>(events: readonly JournalEvent[], type: T) =>
  events.filter((event): event is Extract<JournalEvent, { type: T }> => event.type === type);

describe('a game day on a terminal', () => {
  it(
    'is briefed, asks at its gates, takes notes, and asks its questions in the end',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('day.yaml', gameDay());
      await using terminal = new Terminal(['run', file, '--out', scratch.path, '--report', 'json,markdown']);
      await terminal.shows(/One host will be ill\.[\s\S]*may it begin\? \[y\/N\]/);
      expect(await listRuns(scratch.path)).toEqual([]);
      terminal.type(`y${ENTER}`);
      await terminal.shows(/waits +go: Is everybody here\? \(ann\)[\s\S]*y approves/);
      terminal.type(`no errors yet${ENTER}`);
      await terminal.shows(/eve: no errors yet/);
      // Judged by the thread, of a journal that goes on.
      await terminal.shows(/so far +. 1 open/);
      terminal.type(`y${ENTER}`);
      await terminal.shows(/What surprised you\?/);
      terminal.type(`the cache${ENTER}`);
      await terminal.shows(/What is next\?/);
      terminal.type(ENTER);
      await terminal.finished;
      const events = await journalOf(scratch.path);
      expect(find(events, 'runStarted')).toMatchObject([{ briefedBy: 'eve' }]);
      expect(find(events, 'note')).toMatchObject([{ text: 'no errors yet', by: 'eve' }]);
      expect(find(events, 'gateClosed')).toMatchObject([{ gate: 'go', decision: 'approved', by: 'ann' }]);
      expect(find(events, 'answer')).toMatchObject([{ question: 'What surprised you?', text: 'the cache', by: 'eve' }]);
    },
    TIMEOUT_MS,
  );

  it(
    'starts nothing if it is not let begin',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('day.yaml', gameDay());
      for (const answer of [`n${ENTER}`, CTRL_C]) {
        await using terminal = new Terminal(['run', file, '--out', scratch.path]);
        await terminal.shows(/may it begin\?/);
        terminal.type(answer);
        expect(await terminal.finished).toBe(4);
        expect(terminal.text).toContain('nothing was started');
      }
      expect(await listRuns(scratch.path)).toEqual([]);
    },
    TIMEOUT_MS,
  );

  it(
    'heals at Ctrl-C, also while it waits for an answer with a fault on',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('day.yaml', gameDay({ duration: '60s' }));
      await using terminal = new Terminal(['run', file, '--out', scratch.path, '--yes'], { columns: 60, env: { NO_COLOR: '1' } });
      await terminal.shows(/failing: [\s\S]*y approves/);
      terminal.type(CTRL_C);
      expect(await terminal.finished).toBe(4);
      const events = await journalOf(scratch.path);
      expect(find(events, 'signal')).toMatchObject([{ name: 'SIGINT' }]);
      expect(find(events, 'faultEnded')).toMatchObject([{ reason: 'healed' }]);
      expect(find(events, 'runEnded')).toMatchObject([{ status: 'interrupted', cleanup: 'confirmed' }]);
      // Colours are asked away; what moves the cursor is not one.
      for (const colour of ['1m', '2m', '31m', '33m']) expect(terminal.raw).not.toContain(`\u001b[${colour}`);
    },
    TIMEOUT_MS,
  );
});

describe('a game day without a terminal', () => {
  it(
    'says that nobody can be asked, and goes on',
    async () => {
      await using scratch = await Scratch.create();
      const file = await scratch.write('day.yaml', gameDay({ timeout: '300ms' }));
      const { stdout } = await faultlab('run', file, '--out', scratch.path);
      expect(stdout).toMatch(/One host will be ill\.[\s\S]*Nobody can be asked here, so it begins/);
      expect(stdout).toMatch(/go waits for ann: Is everybody here\?[\s\S]*faultlab approve go[\s\S]*nobody answered in time/);
      expect(stdout).toContain('2 questions were not asked: nobody can be asked here');
      expect(find(await journalOf(scratch.path), 'runStarted')[0]).not.toHaveProperty('briefedBy');
    },
    TIMEOUT_MS,
  );
});

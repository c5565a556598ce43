/**
 * A real run on a terminal with `--ui`: what its page could hear, cut off again and again, is the journal without its traffic, each event once; the verdict
 * is the report's; and the page stays until somebody has seen enough.
 */
import { readFile } from 'node:fs/promises';
import { createParser } from 'eventsource-parser';
import { expect, it } from 'vitest';
import type { LiveEvent, LiveSecond, LiveSnapshot } from '../../../src/control/live/contract.js';
import type { RunFolder } from '../../../src/journal/store.js';
import { Scratch } from '../faultlab.js';
import { journalOf, newestRun, smallRun, startBack } from '../small-run.js';
import { CTRL_C, Terminal } from '../terminal.js';

const TRAFFIC: ReadonlySet<string> = new Set(['exchange', 'connection', 'trafficSum']);

/** A page that loses its stream after every few messages, and goes on where it was. */
class Page {
  readonly events: LiveEvent[] = [];
  readonly seconds: LiveSecond[] = [];
  cuts = 0;
  readonly #url: string;
  readonly #closed = new AbortController();
  #after = 0;

  constructor(url: string) {
    this.#url = url;
  }

  async snapshot(): Promise<LiveSnapshot> {
    return (await (await fetch(`${this.#url}/v1/live`)).json()) as LiveSnapshot;
  }

  /** Begins with the very first message. */
  async listen(): Promise<void> {
    const { boot } = await this.snapshot();
    while (!this.#closed.signal.aborted) await this.#hear(boot).catch(() => {});
  }

  close(): void {
    this.#closed.abort();
  }

  async #hear(boot: string): Promise<void> {
    const cut = new AbortController();
    const parser = createParser({
      onEvent: ({ id, event, data }) => {
        if (event === 'gap') throw new Error(data);
        this.#after = Number(id);
        if (event === 'journal') this.events.push(JSON.parse(data) as LiveEvent);
        if (event === 'second') this.seconds.push(JSON.parse(data) as LiveSecond);
        if (this.#after % 7 === 0) cut.abort();
      },
    });
    const signal = AbortSignal.any([cut.signal, this.#closed.signal]);
    const { body } = await fetch(`${this.#url}/v1/live/stream?boot=${boot}&after=${this.#after}`, { signal });
    this.cuts += 1;
    const text = new TextDecoder();
    for await (const chunk of body ?? []) {
      // What had come whole is heard, and a message that the cut went through comes again.
      for (const block of text.decode(chunk, { stream: true }).split(/(?<=\n\n)/)) if (!signal.aborted) parser.feed(block);
    }
  }
}

interface JsonReport {
  verdict: string;
  exit: { code: number };
  findings: { name: string; verdict: string }[];
}

const reportOf = async (folder: RunFolder): Promise<JsonReport> =>
  JSON.parse(await readFile(`${folder.path}/report.json`, 'utf8')) as JsonReport;

it('the page of a run hears its journal, its load and its verdict, and stays until Ctrl-C', async () => {
  await using scratch = await Scratch.create();
  await using back = await startBack();
  const file = await scratch.write('small.yaml', smallRun({ back: back.address, baseline: '1s', settle: '1s' }));
  await using terminal = new Terminal(['run', file, '--ui', '--out', `${scratch.path}/runs`, '--report', 'json']);
  await terminal.shows(/dashboard: http:\/\/\S+\/ui\//);
  const page = new Page(/dashboard: (http:\/\/[^/]+)\/ui\//.exec(terminal.text)?.[1] ?? '');
  const listening = page.listen();
  await terminal.shows(/The dashboard stays at/);

  const folder = await newestRun(`${scratch.path}/runs`);
  const journal = (await journalOf(folder)).filter(({ type }) => !TRAFFIC.has(type));
  const { run } = await page.snapshot();
  expect(page.cuts).toBeGreaterThan(3);
  expect([run?.started, ...page.events]).toEqual(journal);
  const load = page.seconds.flatMap(({ seconds }) => seconds).filter(({ link }) => link === 'load->front-1');
  const [ended] = journal.filter((event) => event.type === 'loadEnded');
  expect(load.reduce((sum, { requests }) => sum + requests, 0)).toBe(ended?.sent);
  const report = await reportOf(folder);
  expect(run?.verdicts?.final).toMatchObject({ verdict: report.verdict, exitCode: report.exit.code });
  expect(run?.verdicts?.findings.map(({ name, state }) => [name, state])).toEqual(
    report.findings.map(({ name, verdict }) => [name, verdict]),
  );

  page.close();
  await listening;
  terminal.type(CTRL_C);
  expect(await terminal.finished).toBe(report.exit.code);
  await expect(page.snapshot()).rejects.toThrow();
}, 60_000);

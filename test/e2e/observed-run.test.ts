/** One small run that everybody may look at: Prometheus, a receiver of notices, a collector of traces, and the daemon's log. Each has to have seen it, and none may be felt. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { forThisTest } from '../support/for-this-test.js';
import { nodeServer } from '../support/http-peers.js';
import { otlpCollector } from '../support/otlp-collector.js';
import { hasPrometheus, startPrometheus } from '../support/prometheus.js';
import { Faultlab, Scratch } from './faultlab.js';
import { smallRun, startBack } from './small-run.js';

const TIMEOUT_MS = 120_000;
const TRACE = '0af7651916cd43dd8448eb211c80319c';
const SPAN = 'b7ad6b7169203331';

/** Its users say in which span they are, its service passes that on, and its link notes it. */
function tracedRun(back: string): string {
  return smallRun({ back, duration: '4s', lease: '10s' })
    .replace('request.url, (r)', 'request.url, {headers: request.headers}, (r)')
    .replace('links: [{from: front, to: back}]', 'links: [{from: front, to: back, observe: {headers: [traceparent]}}]')
    .replace(/path: ("[^"]*")/, `path: $1, headers: {traceparent: 00-${TRACE}-${SPAN}-01}`);
}

it.skipIf(!hasPrometheus)(
  'whoever looks at a run sees it while it goes on, and the run is the same',
  async () => {
    await using scratch = await Scratch.create();
    const home = join(scratch.path, 'home');
    const log = join(scratch.path, 'daemon.log');
    const back = forThisTest(await startBack());
    const receiver = forThisTest(await nodeServer());
    const collector = await otlpCollector();
    await using daemon = new Faultlab(['serve', '--port', '0', '--metrics', '--log', 'json', '--log-file', log], { home });
    const [, url = ''] = await daemon.says(/at (http:\S+)/);
    await using prometheus = await startPrometheus({ faultlab: new URL(url).host });

    const file = await scratch.write('traced.yaml', tracedRun(back.address));
    const told = ['--webhook', `http://127.0.0.1:${receiver.port}/`, '--otlp', collector.url];
    const { code, stdout, stderr } = await new Faultlab(['run', file, '--connect', url, '--out', scratch.path, ...told], { home }).finished;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });

    for (const expr of [
      'faultlab_run_phase{phase="method"} == 1',
      'faultlab_step_active{step="failing",kind="fault"}',
      'faultlab_fault_active{type="abort"} == 1',
      'faultlab_fault_on_seconds > 1 and on (fault) faultlab_fault_planned_seconds == 4',
      'faultlab_load_requests_total{link="load->front-1",outcome="ok"} > 10',
      'faultlab_harmed_requests_total > 5',
      'faultlab_run_verdict == 1',
      'faultlab_runs_judged_total{verdict="pass"} == 1',
      'faultlab_runs_ended_total{status="completed"} == 1',
    ])
      await expect.poll(() => prometheus.ever(expr), { message: expr, timeout: 10_000, interval: 250 }).not.toEqual([]);
    expect(await prometheus.ever('faultlab_healing_unconfirmed == 1')).toEqual([]);

    const notices = receiver.heard.map(({ body }) => JSON.parse(body) as { kind: string; verdict?: string });
    expect(notices.map(({ kind, verdict }) => [kind, verdict])).toEqual([
      ['start', undefined],
      ['verdict', 'pass'],
    ]);
    const root = collector.spans.find(({ name }) => name === 'run small');
    expect(stdout).toContain(`trace: ${root?.traceId} at `);
    const touched = collector.spans.filter(({ name }) => name === 'GET front-1->back-1');
    expect(touched.length).toBeGreaterThan(5);
    for (const { links, traceId } of touched) expect([traceId, links]).toMatchObject([root?.traceId, [{ traceId: TRACE, spanId: SPAN }]]);

    const lines = (await readFile(log, 'utf8'))
      .trim()
      .split('\n')
      .map((line) => (JSON.parse(line) as { msg: string }).msg);
    expect(lines).toEqual(expect.arrayContaining(['serving', 'changed', 'fault on', 'fault off']));
  },
  TIMEOUT_MS,
);

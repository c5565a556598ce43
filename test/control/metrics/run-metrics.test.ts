import { Registry } from 'prom-client';
import { expect, test } from 'vitest';
import type { LiveEvent, LiveVerdicts, RunNews } from '../../../src/control/live/contract.js';
import { RunFeed } from '../../../src/control/live/run-feed.js';
import { RunMetrics } from '../../../src/control/metrics/run-metrics.js';
import { linkSecond } from '../../support/link-second.js';
import { runNews, runVerdicts } from '../../support/run-news.js';

function watched() {
  const feed = new RunFeed();
  const registry = new Registry();
  for (const metric of new RunMetrics(feed).metrics) registry.registerMetric(metric);
  const tell = (news: RunNews & { run: string }): void => feed.take(news, { claimedBy: news.run });
  const scrape = async (): Promise<string> => registry.metrics();
  const empty = { ...runNews(), events: [] };
  return {
    scrape,
    tell,
    verdicts: (verdicts: LiveVerdicts) => tell({ ...empty, verdicts }),
    event: (event: Partial<LiveEvent> & { type: LiveEvent['type'] }) =>
      tell({ ...empty, events: [{ n: 100_000, atMs: 0, ...event } as LiveEvent] }),
  };
}

test('a run is seen where it stands: its phase, its steps and faults as planned, its probes', async () => {
  const { tell, scrape } = watched();
  expect(await scrape()).not.toContain('faultlab_run_info{');
  const news = runNews({ until: 'faultApplied' });
  tell(news);
  const text = await scrape();
  expect(text).toContain(`faultlab_run_info{run="${news.run}",title="gray-failure",environment="local"} 1\n`);
  expect(text).toContain('faultlab_run_phase{phase="method"} 1\n');
  expect(text).toContain('faultlab_run_phase{phase="baseline"} 0\n');
  expect(text).toContain('faultlab_step_active{step="one-host-goes-gray",kind="fault"} 1\n');
  expect(text).toMatch(/faultlab_fault_planned_seconds\{fault="[^"]+\/payments-down",step="payments-down"\} 2\.4\n/);
  expect(text).toContain('faultlab_steady_state_met{probe="shop-answers"} 1\n');
  expect(text).toContain('faultlab_check_state{check="the-gray-host-is-ejected",kind="outlierEjection",severity="fail"} 0\n');
  expect(text).toContain('faultlab_run_verdict 0\n');
});

test('what breakers and instances are in, and what each promise looks like, is of the newest judgement', async () => {
  const { tell, verdicts, scrape } = watched();
  tell(runNews({ until: 'faultApplied' }));
  verdicts(runVerdicts());
  const text = await scrape();
  expect(text).toContain('faultlab_breaker_state{subject="gateway -> payments"} 2\n');
  expect(text).toContain('faultlab_ejection_state{subject="inventory-3"} 2\n');
  expect(text).toContain('faultlab_ejection_state{subject="inventory-4"} 0\n');
  expect(text).toContain('faultlab_check_state{check="the-gray-host-is-ejected",kind="outlierEjection",severity="fail"} 3\n');
  expect(text).toContain('faultlab_run_verdict 0\n');
  const unknown = [{ subject: 'a -> b', kind: 'breaker', segments: [{ state: 'constructor', fromMs: 0, toMs: 1 }] }] as const;
  verdicts({ ...runVerdicts(), lanes: unknown });
  expect(await scrape()).not.toContain('faultlab_breaker_state{');
  expect(await scrape()).not.toContain('faultlab_ejection_state{');
});

test('the end of a run and its verdict stay until another begins, and are counted once', async () => {
  const { tell, verdicts, scrape } = watched();
  const news = runNews();
  tell(news);
  verdicts(runVerdicts({ isFinal: true }));
  verdicts(runVerdicts({ isFinal: true }));
  const text = await scrape();
  expect(text).toContain(`faultlab_run_info{run="${news.run}",title="gray-failure",environment="local"} 0\n`);
  expect(text).toContain('faultlab_runs_ended_total{status="completed"} 1\n');
  expect(text).toContain('faultlab_runs_judged_total{verdict="fail"} 1\n');
  expect(text).toContain('faultlab_runs_judged_total{verdict="pass"} 0\n');
  expect(text).toContain('faultlab_run_verdict 3\n');
  expect(text).not.toContain('faultlab_step_active{');
  tell({ ...runNews({ until: 'runStarted', epoch: 2 }) });
  expect(await scrape()).toContain('faultlab_run_verdict 0\n');
  expect(await scrape()).toContain('faultlab_runs_judged_total{verdict="fail"} 1\n');
});

test('harm is what fails of the load since the first fault; a stop, a gate and healing that is not confirmed are seen', async () => {
  const { tell, event, scrape } = watched();
  tell({ ...runNews({ until: 'faultApplied' }), seconds: [linkSecond({ link: 'load->gateway-1', second: 5, requests: 9, errors: 4 })] });
  event({ type: 'stopTripped', condition: 'harmed', detail: '4 of 3' });
  event({ n: 100_001, type: 'gateOpened', gate: 'g', question: '', by: [], timeoutMs: 1 });
  event({ n: 100_002, type: 'gateClosed', gate: 'never-opened', decision: 'approved' });
  event({ n: 100_003, type: 'healFailed', reason: 'the daemon is gone' });
  const text = await scrape();
  expect(text).toContain('faultlab_harmed_requests_total 4\n');
  expect(text).toContain('faultlab_stop_conditions_tripped_total{condition="harmed"} 1\n');
  expect(text).toContain('faultlab_gates_waiting 1\n');
  expect(text).toContain('faultlab_healing_unconfirmed 1\n');
});

test('names from the wire cannot fill Prometheus', async () => {
  const { tell, event, scrape } = watched();
  tell(runNews({ until: 'runStarted' }));
  for (let i = 0; i < 2_100; i++)
    event({ n: 100_000 + i, type: 'probeResult', probe: `p${i}`, phase: 'method', met: true, value: 1, detail: '' });
  expect([...(await scrape()).matchAll(/^faultlab_steady_state_met/gm)].length).toBeLessThanOrEqual(2_001);
});

test('events that a run could not tell are counted over all runs', async () => {
  const { tell, scrape } = watched();
  tell({ ...runNews({ until: 'runStarted' }), lost: 3 });
  tell({ ...runNews({ until: 'runStarted', epoch: 2 }), lost: 4 });
  expect(await scrape()).toContain('faultlab_run_events_lost_total 7\n');
});

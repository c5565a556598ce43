/** A plan for a Toxiproxy server: what it cannot carry is refused at its place in the file, what it carries otherwise is said. */
import { describe, expect, it } from 'vitest';
import { describePlan } from '../../../src/experiment/describe.js';
import { edited, planText, problemsOf, SMALL } from '../../support/experiment.js';

const PROXIES = '  proxies: {driver: toxiproxy, url: "http://127.0.0.1:8474"}\nload:\n';
const on = (text: string): string => edited(text, 'load:\n', PROXIES);
/** The same experiment with a fault that bytes can carry. */
const cut = (text: string): string => edited(edited(text, 'type: abort', 'type: partition'), 'value: {status: 500}', 'unit: connection');
const CUT = on(edited(cut(SMALL), `      percentage: "\${inputs.share}"\n`, ''));

describe('topology.proxies', () => {
  it('is our own daemon when nothing is said, of which the plan says nothing', () => {
    const plan = planText(SMALL);
    expect(plan.proxies).toEqual({ driver: 'daemon', params: {}, summary: expect.any(String) });
    expect(plan.recorded).not.toHaveProperty('linksUnseen');
    expect(describePlan(plan)).not.toContain('Proxies');
  });

  it('refuses what the server cannot carry, one line a fault, at its place', () => {
    expect(problemsOf(on(SMALL))[0]).toMatch(
      /^small\.yaml:35:13 {2}method\[0\]\.fault\.type: toxiproxy cannot carry abort: Toxiproxy carries bytes and knows no requests; it can carry: latency, /,
    );
  });

  it('carries a cut both ways, and says in what it differs', () => {
    const plan = planText(CUT);
    expect(plan.proxies).toMatchObject({ driver: 'toxiproxy', params: { url: 'http://127.0.0.1:8474' } });
    expect(plan.recorded.linksUnseen).toMatch(/does not tell/);
    const text = describePlan(plan);
    expect(text).toContain('the Toxiproxy server at http://127.0.0.1:8474');
    expect(text).toContain('mind: what comes meanwhile is thrown away, not held; connections that it acts on are closed when it ends');
    expect(plan.recorded.steps[0]?.fault).not.toHaveProperty('caveats');
  });

  it('refuses a cut one way: what that would hold is thrown away there', () => {
    const oneWay = edited(CUT, 'unit: connection', 'unit: request');
    expect(problemsOf(oneWay)[0]).toMatch(/toxiproxy cannot carry partition: direction: .*cut both$/);
  });

  it('refuses a probe of links that nobody sees: it would never be met', () => {
    expect(problemsOf(edited(CUT, 'target: {from: load, to: web}', 'target: {from: web, to: api}'))[0]).toContain(
      'steadyState.probes[0].target: web -> api cannot be seen here: Toxiproxy does not tell',
    );
    expect(planText(edited(CUT, 'target: {from: load, to: web}', 'target: {to: web}')).probes).toHaveLength(1);
  });

  it.each([
    ['{driver: toxiproxi, url: "http://127.0.0.1:8474"}', /did you mean "toxiproxy"/],
    ['{driver: toxiproxy}', /topology\.proxies\.url: expected a string, found nothing/],
    ['{driver: toxiproxy, url: "http://example.org"}', /on this machine/],
    ['{driver: daemon, url: "http://127.0.0.1:8474"}', /unknown key/],
  ])('refuses %s', (text, message) => {
    expect(problemsOf(edited(SMALL, 'load:\n', `  proxies: ${text}\nload:\n`))[0]).toMatch(message);
  });
});

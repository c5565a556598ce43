// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { describe, expect, it } from 'vitest';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import { describePlan } from '../../src/experiment/describe.js';
import { loadExperiment } from '../../src/experiment/load.js';
import type { Plan } from '../../src/experiment/plan.js';
import { planExperiment } from '../../src/experiment/plan-experiment.js';
import { stubCatalogs } from '../support/catalogs.js';
import { edited, planText, problemsOf, SMALL } from '../support/experiment.js';

const withTls = (tls: string, text = SMALL): string => edited(text, '{from: api, to: db}', `{from: api, to: db, tls: ${tls}}`);
/** A TLS fault in the place of the other. */
const expired = (text: string): string =>
  edited(
    edited(edited(text, 'type: abort', 'type: certExpired'), 'target: {from: web, to: api/api-2}', 'target: {from: api, to: db}'),
    '      value: {status: 500}\n',
    '',
  );

/** With the faults that there are. */
function planShipped(text: string): Plan {
  const catalogs = { ...stubCatalogs, faults: shippedCatalogs.faults };
  const loaded = loadExperiment({ text, file: 'small.yaml', variables: {}, catalogs });
  return planExperiment({ ...loaded, seed: 1, catalogs });
}

describe('tls on a link', () => {
  it('is on every link between instances that it becomes', () => {
    const { links } = planText(withTls('both'));
    const both = { terminate: { names: [] }, originate: { verify: 'full' } };
    expect(links.map(({ name, tls }) => [name, tls])).toEqual([
      ['web-1->api-1', undefined],
      ['web-1->api-2', undefined],
      ['api-1->db-1', both],
      ['api-2->db-1', both],
    ]);
  });

  it.each([
    ['terminate', 'api -> db (tcp, TLS from callers, with a certificate of the lab CA)'],
    ['{terminate: {certificate: a.pem, key: a.key}}', 'TLS from callers, with a certificate given'],
    ['originate', 'TLS to the callee, the callee is verified'],
    ['{originate: {verify: none}}', 'TLS to the callee, whoever answers is believed'],
  ])('%s is said in the plan', (tls, words) => {
    expect(describePlan(planText(withTls(tls)))).toContain(words);
  });

  it.each([
    ['yes', 'expected'],
    ['{originate: {verify: false}}', 'verify'],
    ['{terminate: {certificate: a.pem}}', 'both'],
  ])('%s is refused at its place', (tls, words) => {
    const [problem] = problemsOf(withTls(tls));
    expect(problem).toMatch(/^small\.yaml:16:\d+ {2}topology\.links\[1\]\.tls/);
    expect(problem).toContain(words);
  });

  it('is what a TLS fault needs', () => {
    const [step] = planShipped(expired(withTls('terminate'))).steps;
    expect(step?.fault).toMatchObject({ performs: 'certExpired', links: ['api-1->db-1', 'api-2->db-1'] });
    expect(() => planShipped(expired(withTls('originate')))).toThrow(
      'method[0].fault.type: certExpired needs links that terminate TLS, found api-1->db-1, api-2->db-1; set tls: terminate on the link',
    );
  });

  it('is what ${ca} needs', () => {
    const trusting = edited(SMALL, 'argv: [node, api.js]', 'argv: [node, api.js], env: {NODE_EXTRA_CA_CERTS: "${ca}"}');
    expect(planText(withTls('terminate', trusting)).links).toHaveLength(4);
    expect(problemsOf(trusting)[0]).toContain('topology.services.api.env.NODE_EXTRA_CA_CERTS: no link of the plan terminates TLS');
  });

  it('is refused where the links are those of a Toxiproxy server', () => {
    const proxies = '  proxies: {driver: toxiproxy, url: "http://127.0.0.1:8474"}\nload:\n';
    expect(problemsOf(edited(withTls('terminate'), 'load:\n', proxies)).join()).toContain(
      'topology.links[1].tls: Toxiproxy passes TLS through and cannot be an end of it',
    );
  });
});

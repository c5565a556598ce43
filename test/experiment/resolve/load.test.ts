// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { describe, expect, it } from 'vitest';
import { describePlan } from '../../../src/experiment/describe.js';
import { edited, planText, problemsOf, SMALL } from '../../support/experiment.js';

const LOAD = SMALL.slice(SMALL.indexOf('load:\n'), SMALL.indexOf('steadyState:'));
const withLoad = (...lines: string[]): string => edited(SMALL, LOAD, `load:\n${lines.map((line) => `  ${line}\n`).join('')}`);
const REQUESTS = 'requests: [{name: all, path: "/${key}"}]';

describe('a load', () => {
  it('is one scenario in the open model unless it says otherwise', () => {
    expect(planText(SMALL).load).toMatchObject({
      connectionsMax: 256,
      scenarios: [{ name: 'load', service: 'web', model: { name: 'open', params: { rate: 20, stages: [] } }, summary: '20 requests/s' }],
    });
    expect(planText(SMALL).recorded.load).toMatchObject({ service: 'web', summary: '20 requests/s', routes: [{ name: 'all' }] });
  });

  it('goes through stages, and may be a number of users who think', () => {
    const stages = withLoad('target: web', 'rate: 10/s', 'stages: [{rate: 100/s, over: 30s}]', REQUESTS);
    expect(planText(stages).load?.scenarios[0]?.summary).toBe('10 requests/s, to 100/s over 30.00s');
    const users = withLoad('target: web', 'model: closed', 'users: 20', 'think: 500ms', REQUESTS);
    expect(planText(users).load?.scenarios[0]?.model).toEqual({ name: 'closed', params: { users: 20, think: 500, stages: [] } });
  });

  it('may be several scenarios, each with a model, routes, rows and expectations of its own', () => {
    const text = withLoad(
      'target: web',
      'scenarios:',
      '  - name: browse',
      '    rate: 30/s',
      '    requests: [{name: look, weight: 3, path: /}, {name: find, path: "/${row.word}", expect: {status: {in: [200, 204]}, within: 300ms}}]',
      '    data: {file: words.csv, order: random}',
      '  - {name: buy, model: closed, users: 5, requests: [{name: pay, path: /pay}]}',
    );
    const { load } = planText(text);
    expect(load?.scenarios.map(({ name, model, data }) => [name, model.name, data])).toEqual([
      ['browse', 'open', { file: 'words.csv', order: 'random' }],
      ['buy', 'closed', undefined],
    ]);
    expect(load?.scenarios[0]?.requests[1]?.expect).toEqual({ status: { in: [200, 204] }, within: 300 });
    expect(describePlan(planText(text))).toMatch(/browse: 30 requests\/s to web.*\n +look +GET +\/ +75 %[\s\S]*buy: 5 users to web/);
  });
});

describe('a slip in a load', () => {
  it.each([
    ['a key of the other model', ['target: web', 'rate: 10/s', 'think: 1s', REQUESTS], 'load.think: unknown key'],
    ['a model that there is none of', ['target: web', 'model: opne', 'rate: 10/s', REQUESTS], 'load.model: expected "open", found "opne"'],
    ['no rate', ['target: web', REQUESTS], 'load.rate: expected a value, found nothing (requests to start per second, like 120/s)'],
    [
      'a rate in the wrong unit',
      ['target: web', 'rate: 10ms', REQUESTS],
      'load.rate: expected a rate (/s, /m, /h), like 120/s; found "10ms"',
    ],
    [
      'rows of no file',
      ['target: web', 'rate: 10/s', 'requests: [{name: all, path: "/${row.user}"}]'],
      'load.requests[0]: ${row.…} has a meaning only with a file of rows: add data: {file: rows.csv}',
    ],
    [
      'two scenarios of one name',
      ['target: web', 'scenarios:', `  - {name: a, rate: 1/s, ${REQUESTS}}`, `  - {name: a, rate: 1/s, ${REQUESTS}}`],
      'load.scenarios[1].name: two scenarios are named "a"',
    ],
    [
      'an expectation of nothing',
      ['target: web', 'rate: 10/s', 'requests: [{name: all, path: /, expect: {}}]'],
      'load.requests[0].expect: expected at least one of status, body, within',
    ],
    [
      'a stage without its length',
      ['target: web', 'scenarios:', `  - {name: a, rate: 1/s, stages: [{rate: 5/s}], ${REQUESTS}}`],
      'load.scenarios[0].stages[0].over: expected a value, found nothing (how long the change takes, evenly; 0s is a jump)',
    ],
  ])('%s: is named with its place', (_about, lines, said) => {
    expect(problemsOf(withLoad(...lines))[0]).toContain(said);
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { describe, expect, it } from 'vitest';
import { describePlan } from '../../src/experiment/describe.js';
import { edited, planText, SMALL } from '../support/experiment.js';

const TWO = edited(
  edited(SMALL, 'accepts: [abort, partition]', 'accepts: [abort, delay]'),
  '  - {name: rest,',
  `  - name: slow-api
    fault: {type: delay, target: {from: web, to: api}, value: {delay: 1s}, duration: 4s}
  - name: slow-answers
    fault: {type: delay, direction: both, target: {from: web, to: api}, value: {delay: 1s}, duration: 4s}
  - {name: rest,`,
);
const sectionOf = (text: string): readonly string[] => {
  const lines = describePlan(planText(text)).split('\n');
  const at = lines.indexOf('Order of faults on one message');
  return at < 0 ? [] : lines.slice(at + 1, lines.indexOf('', at)).map((line) => line.trim());
};

describe('the order of faults on one message', () => {
  it('is told for each phase in which several look at messages of one link', () => {
    expect(sectionOf(TWO)).toEqual(['requests: bad-api (abort) → slow-api (delay) → slow-answers (delay)']);
    expect(sectionOf(edited(TWO, 'delay, target', 'delay, direction: down, target'))).toEqual([
      'requests: bad-api (abort) → slow-answers (delay)',
      'responses: slow-api (delay) → slow-answers (delay)',
    ]);
  });

  it('is not worth a word where one begins when the other has ended', () => {
    const inTurn = TWO.replace('- name: slow-api\n', '- name: slow-api\n    startAfter: rest\n').replace(
      '- name: slow-answers\n',
      '- name: slow-answers\n    startAfter: slow-api\n',
    );
    expect(sectionOf(inTurn)).toEqual([]);
  });

  it('is not worth a word where faults never meet', () => {
    expect(sectionOf(SMALL)).toEqual([]);
    const apart = edited(
      edited(TWO, 'type: delay, target: {from: web, to: api}', 'type: delay, target: {from: web, to: api/api-1}'),
      'type: delay, direction: both, target: {from: web, to: api}',
      'type: delay, direction: down, target: {from: web, to: api/api-1}',
    );
    expect(sectionOf(apart)).toEqual([]);
  });
});

describe('whom a fault hits', () => {
  const keys = ['percentage: 50', 'first: 10', 'every: 2', 'maxActive: 3', 'match: {pathRegex: "^/a", query: {page: 2}}'];
  const chosen = edited(SMALL, 'percentage: "${inputs.share}"', [...keys, 'exclude: [probes, {path: /b}]'].join('\n      '));

  it('is told in the words of the plan', () => {
    expect(describePlan(planText(chosen))).toContain(
      'abort 500, 50 % of requests, the first 10, one in every 2, at most 3 at a time, path like ^/a and ?page: 2, not probes, not path /b',
    );
  });

  it('leaves out the health checks that the plan names, where it leaves out probes', () => {
    const step = planText(edited(chosen, 'api: {protocol: http, ', 'api: {protocol: http, health: /up, ')).steps[0];
    expect(step?.fault?.spec.exclude).toEqual(['probes', { path: ['/b'] }, { path: ['/up'] }]);
  });
});

describe('a release', () => {
  const text = edited(SMALL, 'startAfter: bad-api, wait: 2s', 'wait: 2s');
  const releasing = edited(text, 'verify:', '  - {name: let-go, startAfter: rest, release: {step: bad-api, count: 3}}\nverify:');

  it('stands in the timeline when it is due, and takes no time', () => {
    expect(describePlan(planText(releasing))).toMatch(/(\+\d+s) +\1 +let-go +let go the first 3 that bad-api holds/);
    expect(planText(releasing).recorded.steps.at(-1)).toEqual({
      name: 'let-go',
      kind: 'release',
      startAfter: ['rest'],
      summary: 'let go the first 3 that bad-api holds',
    });
  });
});

describe('who is told', () => {
  it('is said by host or by the name of a variable, for an address may be a secret', () => {
    const notify = 'notify: [{url: "https://hooks.example/T0/SECRET", on: [stop]}, {urlFrom: FAULTLAB_HOOK, shape: slack}]\n';
    const said = describePlan(planText(`${SMALL}\n${notify}`));
    expect(said).toMatch(/Is told\n {2}hooks\.example\s+generic\s+stop\n {2}what FAULTLAB_HOOK names\s+slack\s+start, stop, verdict/);
    expect(said).not.toContain('SECRET');
    expect(describePlan(planText(SMALL))).not.toContain('Is told');
  });
});

// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
import { describe, expect, it } from 'vitest';
import { planText, problemsOf, SMALL } from '../../support/experiment.js';

const FAULT = 'fault: {type: abort, target: {from: web, to: api}, duration: 1s}';

/** The small experiment with another method, and without what refers to the old one. */
function withMethod(method: string, seed = 7): string {
  const from = SMALL.indexOf('method:');
  return `${SMALL.slice(0, from).replace('seed: 7', `seed: ${seed}`)}method:\n${method.replace(/^/gm, '  ')}\n`;
}
/** Each step with what it starts after. */
function order(method: string, seed?: number): Record<string, readonly string[]> {
  return Object.fromEntries(planText(withMethod(method, seed)).steps.map(({ name, startAfter }) => [name, startAfter]));
}
const problem = (method: string, seed?: number) => problemsOf(withMethod(method, seed))[0];

describe('groups', () => {
  it('in series wait for each other, side by side for what the group waits for', () => {
    const method = `
- {name: first, wait: 1s}
- name: storm
  startAfter: first
  serial:
    - {name: calm, wait: 1s}
    - parallel:
        - {name: left, wait: 1s}
        - {name: right, wait: 2s}
    - {name: after, wait: 1s}
- {name: last, startAfter: storm, wait: 1s}`;
    expect(order(method)).toEqual({
      first: [],
      calm: ['first'],
      left: ['calm'],
      right: ['calm'],
      after: ['left', 'right'],
      last: ['after'],
    });
  });

  it('give steps without a name one of their kind and place', () => {
    expect(Object.keys(order('- wait: 1s\n- name: g\n  serial: [{wait: 1s}, {wait: 2s}]'))).toEqual(['wait-1', 'g.wait-1', 'g.wait-2']);
  });

  it('are no place for an empty list', () => {
    expect(problem('- {name: g, serial: []}')).toBe('small.yaml:32:23  method[0].serial: expected at least 1 entry, found 0');
  });

  it('cannot wait for what they are made of', () => {
    expect(problem('- {name: g, serial: [{name: a, startAfter: g, wait: 1s}]}')).toContain('these steps wait for each other: a -> a');
  });
});

describe('repeat', () => {
  it('makes copies one after the other, each with its own of what it names', () => {
    const method = `
- name: storm
  repeat: 2
  parallel:
    - {name: hit, ${FAULT}}
    - {name: rest, startAfter: hit, wait: 1s}
- {name: last, startAfter: hit, wait: 1s}`;
    expect(order(method)).toEqual({
      'hit.1': [],
      'rest.1': ['hit.1'],
      'hit.2': ['hit.1', 'rest.1'],
      'rest.2': ['hit.1', 'rest.1', 'hit.2'],
      last: ['hit.1', 'hit.2'],
    });
  });

  it('has a bound over all, which is looked at before any copy is made', () => {
    const text = '- {name: a, repeat: 1000, serial: [{name: b, repeat: 1000, serial: [{repeat: 1000, wait: 1s}]}]}';
    expect(problem(text)).toContain('method: expected at most 1000 steps, copies counted, found 1000000000');
  });
});

describe('foreach', () => {
  it('fills its values in, keeps their types, and names the copies by them', () => {
    const method = `
- name: slow
  foreach: {as: host, in: [api-1, api-2], parallel: true}
  fault: {type: abort, target: {from: web, to: "api/\${host}"}, duration: 1s}
- name: share
  foreach: {in: [10, 20]}
  fault: {type: abort, target: {from: web, to: api}, percentage: "\${item}", duration: 1s}`;
    const { steps } = planText(withMethod(method));
    expect(steps.map(({ name, startAfter, fault }) => [name, startAfter, fault?.links.length, fault?.spec.percentage])).toEqual([
      ['slow.api-1', [], 1, 100],
      ['slow.api-2', [], 1, 100],
      ['share.10', [], 2, 10],
      ['share.20', ['share.10'], 2, 20],
    ]);
  });

  it('says what is wrong with one value with that value, and what is wrong with all once', () => {
    const method = (body: string) => `- name: x\n  foreach: {in: [10, 200]}\n  fault: {type: abort, target: {from: web, to: api}, ${body}}`;
    expect(problemsOf(withMethod(method('percentage: "${item}", duration: 1s'))).filter((line) => line.startsWith('small'))).toEqual([
      expect.stringContaining(
        'method[0].fault.percentage: expected a percentage from 0 to 100, like 40 or 40%; found 200 (where item is 200)',
      ),
    ]);
    expect(problemsOf(withMethod(method('duratio: 1s'))).filter((line) => line.startsWith('small'))).toEqual([
      expect.stringMatching(/method\[0\]\.fault\.duratio: unknown key; did you mean "duration"\?$/),
    ]);
  });

  it('has its template nowhere else', () => {
    expect(problem('- name: a\n  foreach: {in: [1s]}\n  wait: "${item}"\n- {name: b, wait: "${item}"}')).toContain(
      'unknown template ${item}',
    );
  });
});

describe('chance', () => {
  const method = '- name: one\n  choose:\n    of: [{name: a, wait: 1s}, {name: b, wait: 1s}, {name: c, wait: 1s}]';

  it('comes from the seed', () => {
    const seen = new Set(Array.from({ length: 40 }, (_, seed) => Object.keys(order(method, seed)).join()));
    expect([...seen].sort()).toEqual(['a', 'b', 'c']);
    expect(order(method, 3)).toEqual(order(method, 3));
  });

  it('keeps the order of the file, and a larger count whom a smaller one chose', () => {
    for (let seed = 0; seed < 20; seed++) {
      const [one = ''] = Object.keys(order(method, seed));
      const two = Object.keys(order(`${method}\n    count: 2`, seed));
      expect(two).toContain(one);
      expect(two).toEqual([...two].sort());
    }
  });

  it('chooses among values, too', () => {
    const steps = (seed: number) => Object.keys(order(`- {name: x, foreach: {in: [1s, 2s, 3s], choose: 2}, wait: "\${item}"}`, seed));
    expect(new Set(Array.from({ length: 40 }, (_, seed) => steps(seed).join())).size).toBe(3);
  });

  it('lets nobody wait for what may not come, whatever the seed', () => {
    for (let seed = 0; seed < 10; seed++) {
      expect(problem(`${method}\n- {name: z, startAfter: a, wait: 1s}`, seed)).toContain(
        'method[1].startAfter: "a" is one of 3 to choose from and may not be chosen; name the choice, "one"',
      );
    }
    expect(order(`${method}\n- {name: z, startAfter: one, wait: 1s}`, 1)['z']).toHaveLength(1);
  });

  it('cannot choose more than there are', () => {
    expect(problem(`${method}\n    count: 4`)).toContain('expected at most 3 to choose, found 4');
  });
});

describe('names', () => {
  it('of copies that come out the same are refused once', () => {
    const lines = problemsOf(withMethod('- {name: g, repeat: 3, serial: [{name: a, wait: 1s}, {name: a, wait: 1s}]}'));
    expect(lines.filter((line) => line.startsWith('small'))).toEqual([expect.stringContaining('two steps are named "a.1"')]);
  });

  it('of groups stand for their faults in checks that take a list, and for a lone fault in all', () => {
    const method = (count: number) => `- name: storm\n  repeat: ${count}\n  serial: [{name: hit, ${FAULT}}, {name: rest, wait: 1s}]\n`;
    const verify = (count: number) =>
      `${withMethod(method(count))}verify:\n  - recovery: {after: storm, from: load, to: web, within: 1s}\n`;
    expect(planText(verify(1)).checks[0]?.params).toMatchObject({ after: 'hit.1' });
    expect(problemsOf(verify(2))[0]).toContain('"storm" stands for several: hit.1, hit.2; name one of them');
  });
});

describe('a deadline', () => {
  it('of a group is that of its steps', () => {
    const plan = planText(withMethod('- {name: g, deadline: 5s, repeat: 2, wait: 1s}\n- {name: w, deadline: 2s, wait: 1s}'));
    expect(plan.deadlines).toEqual([
      { name: 'g', steps: ['g.1', 'g.2'], deadlineMs: 5_000 },
      { name: 'w', steps: ['w'], deadlineMs: 2_000 },
    ]);
  });

  it('that cannot be met is refused', () => {
    expect(problem('- {name: g, deadline: 5s, repeat: 2, wait: 3s}')).toContain(
      'method[0].deadline: cannot be met: g takes 6.00s, found 5.00s',
    );
  });
});

it('sixty steps in groups are planned in a moment', () => {
  const method = `- name: storm\n  repeat: 20\n  serial: [{name: hit, ${FAULT}}, {name: rest, wait: 1s}, {wait: 1s}]`;
  planText(withMethod(method));
  const before = performance.now();
  expect(planText(withMethod(method)).steps).toHaveLength(60);
  // 200 ms is what a quiet machine has to keep by far.
  expect(performance.now() - before).toBeLessThan(1_000);
});

describe('releaseAfter', () => {
  const HELD = 'fault: {type: abort, target: {from: web, to: api}, duration: 5s, releaseAfter: other}';
  const steps = (method: string) => planText(withMethod(method)).steps;

  it('is short for a step that lets go when another has ended', () => {
    const [, , release] = steps(`- {name: other, wait: 2s}\n- {name: held, ${HELD}}`);
    expect(release).toMatchObject({ name: 'held.release', kind: 'release', startAfter: ['other'], params: { step: 'held' } });
  });

  it('lets go of each copy after the copy that is meant', () => {
    const method = `- name: twice\n  repeat: 2\n  parallel:\n    - {name: other, wait: 2s}\n    - {name: held, ${HELD}}`;
    const releases = steps(method).filter(({ kind }) => kind === 'release');
    expect(releases.map(({ name, startAfter, params }) => [name, startAfter.at(-1), params])).toEqual([
      ['held.1.release', 'other.1', { step: 'held.1' }],
      ['held.2.release', 'other.2', { step: 'held.2' }],
    ]);
  });

  it('names a step that there is, and that ends while the fault is on', () => {
    expect(problem(`- {name: held, ${HELD}}`)).toContain('fault.releaseAfter: unknown step "other"');
    expect(problem(`- {name: other, wait: 9s}\n- {name: held, ${HELD}}`)).toContain('held has ended when held.release is due');
    expect(problem(`- {name: held, ${HELD}}\n- {name: other, startAfter: held, wait: 1s}`)).toContain('held has ended');
  });

  it('is refused, like any release, of a fault that holds nothing', () => {
    const cut = 'fault: {type: partition, target: {from: web, to: api}, duration: 5s}';
    const released = `- parallel:\n  - {name: held, ${cut}}\n  - {name: go, release: {step: held}}`;
    const expected = 'release.step: expected a fault that holds messages (abort), but held is of type partition';
    expect(problem(released)).toContain(expected);
  });
});

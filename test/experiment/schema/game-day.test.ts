import { describe, expect, it } from 'vitest';
import { edited, planText, problemsOf, SMALL } from '../../support/experiment.js';

const ACTS = `acts:
  - name: first
    title: One instance answers badly
    serial:
      - {name: go, approve: {by: [ann], timeout: 1m}}
      - {name: bad-api, fault: {type: abort, target: {from: web, to: api/api-2}, value: {status: 500}, duration: 4s}}
    verify:
      - outlierEjection: {from: web, to: api, during: first, expect: [api-2], detectWithin: 2s}
  - name: second
    serial:
      - wait: 1s
`;
const DAY = `${edited(SMALL, 'kind: Experiment', 'kind: GameDay').replace(/method:[\s\S]*$/, '')}people: [{name: ann, role: commander}]
briefing: One host will be ill.
questions: [What surprised you?]
${ACTS}`;

describe('a game day', () => {
  it('is one method of its acts, one after the other, with the promises of all', () => {
    const { steps, checks, recorded } = planText(DAY);
    expect(steps.map(({ name, startAfter }) => [name, startAfter])).toEqual([
      ['go', []],
      ['bad-api', ['go']],
      ['second.wait-1', ['bad-api']],
    ]);
    expect(checks[0]).toMatchObject({ check: 'outlierEjection', params: { during: 'bad-api' } });
    expect(recorded.gameDay).toEqual({
      people: [{ name: 'ann', role: 'commander' }],
      briefing: 'One host will be ill.',
      acts: [
        { name: 'first', title: 'One instance answers badly', steps: ['go', 'bad-api'] },
        { name: 'second', title: 'second', steps: ['second.wait-1'] },
      ],
      questions: ['What surprised you?'],
    });
  });

  it('may have a method instead of acts, as an experiment has', () => {
    expect(planText(edited(SMALL, 'kind: Experiment', 'kind: GameDay')).recorded.gameDay?.acts).toEqual([]);
    expect(planText(SMALL).recorded.gameDay).toBeUndefined();
  });

  it('has slips named at their places in the acts', () => {
    expect(problemsOf(edited(DAY, 'during: first', 'during: frist'))[0]).toContain(
      'acts[0].verify[0].outlierEjection.during: unknown step "frist"',
    );
    expect(problemsOf(edited(DAY, 'to: api/api-2', 'to: api/api-9'))[0]).toContain('acts[0].serial[1].fault');
  });

  it('is told from an experiment', () => {
    expect(problemsOf(edited(DAY, 'kind: GameDay', 'kind: Experiment')).join(' ')).toContain('write kind: GameDay');
    expect(problemsOf(`${SMALL}${ACTS}`).join(' ')).toContain('write kind: GameDay');
    const both = `${edited(SMALL, 'kind: Experiment', 'kind: GameDay')}${ACTS}`;
    expect(problemsOf(both)[0]).toContain('expected either a method or acts, found both');
    expect(problemsOf(SMALL.replace(/method:[\s\S]*$/, ''))[0]).toContain('expected the steps, found none');
  });
});

import { describe, expect, it } from 'vitest';
import { readAgenda, withPeople } from '../../src/experiment/agenda.js';
import { edited, planText, SMALL } from '../support/experiment.js';

const DAY = `apiVersion: faultlab/v1
kind: GameDay
metadata: {name: autumn}
people: [{name: ana, role: commander}]
briefing: Two systems, one after the other.
questions: [What surprised you?]
experiments:
  - payments.yaml
  - {file: orders.yaml, vars: {fencing: "off", rate: 5}}
`;
const read = (text: string) => readAgenda({ text, file: 'day.yaml' });

describe('a game day of several experiments', () => {
  it('names them in their order, with values of their inputs', () => {
    expect(read(DAY)?.experiments).toEqual([
      { file: 'payments.yaml', vars: {} },
      { file: 'orders.yaml', vars: { fencing: 'off', rate: '5' } },
    ]);
  });

  it('is told from an experiment, whatever that speaks of', () => {
    expect(read(SMALL)).toBeUndefined();
    expect(read(`# experiments: none\n${SMALL}`)).toBeUndefined();
    expect(read('')).toBeUndefined();
  });

  it.each([
    ['has a method as well', `${DAY}method: [{wait: 1s}]\n`, /day\.yaml:10:1 {2}method: unknown key/],
    ['has none of them', DAY.replace(/experiments:[\s\S]*/, 'experiments: []\n'), /day\.yaml:7:\d+ .*experiments/],
    ['misspells a key of one', DAY.replace('vars:', 'var:'), /day\.yaml:9:\d+ .*did you mean "vars"/],
    ['is called an experiment', DAY.replace('kind: GameDay', 'kind: Experiment'), /day\.yaml:2:\d+ .*GameDay/],
  ])('is refused where it %s', (_what, text, said) => {
    expect(() => read(text)).toThrow(said);
  });

  it('says who takes part, briefs before the first, and asks after the last', () => {
    const agenda = read(DAY);
    if (agenda === undefined) throw new Error('expected an agenda');
    const first = withPeople(planText(SMALL), agenda, { isFirst: true, isLast: false });
    expect(first.recorded.gameDay).toEqual({
      people: [{ name: 'ana', role: 'commander' }],
      briefing: 'Two systems, one after the other.',
      acts: [],
      questions: [],
    });
    const own = edited(SMALL, 'kind: Experiment', 'kind: GameDay\npeople: [{name: ben}]\nquestions: [Who saw it?]');
    const last = withPeople(planText(own), agenda, { isFirst: false, isLast: true });
    expect(last.recorded.gameDay).toMatchObject({ people: [{ name: 'ben' }], questions: ['Who saw it?', 'What surprised you?'] });
    expect(last.recorded.gameDay?.briefing).toBeUndefined();
  });
});

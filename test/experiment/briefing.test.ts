import { describe, expect, it } from 'vitest';
import { briefingOf } from '../../src/experiment/briefing.js';
import { edited, planText, SMALL } from '../support/experiment.js';

const DAY = `${edited(SMALL, 'kind: Experiment', 'kind: GameDay').replace(/method:[\s\S]*$/, '')}people: [{name: ann, role: commander}]
briefing: |
  One host will be ill.
  Ann decides.
acts:
  - name: first
    title: One instance answers badly
    serial:
      - {name: go, approve: {by: [ann], timeout: 1m}}
      - {name: bad-api, fault: {type: abort, target: {from: web, to: api/api-2}, value: {status: 500}, duration: 4s}}
`;

describe('the briefing', () => {
  it('says who is there, what is done, how bad it may get and how it is stopped', () => {
    const briefing = briefingOf(planText(DAY)) ?? '';
    for (const line of [
      'Briefing\n  One host will be ill.\n  Ann decides.',
      'People\n  ann  commander',
      'What is done\n  1. One instance answers badly\n     go: wait for ann to approve',
      'bad-api: ',
      'requests of the load fall due while a fault is on',
      'it stops by itself: ',
      '`faultlab halt`',
    ])
      expect(briefing).toContain(line);
  });

  it('is of game days only', () => {
    expect(briefingOf(planText(SMALL))).toBeUndefined();
  });

  it('lists the steps of a game day that has a method and no acts', () => {
    expect(briefingOf(planText(edited(SMALL, 'kind: Experiment', 'kind: GameDay')))).toContain('What is done\n  bad-api: ');
  });
});

import { expect, test } from 'vitest';
import { notifySchema } from '../../../src/experiment/schema/notify.js';
import { planText, problemsOf, SMALL } from '../../support/experiment.js';

test('a receiver is told of everything unless it says otherwise, and its address may stand in a variable of ours', () => {
  expect(notifySchema.parse([{ url: 'https://hooks.example/x' }])).toEqual([
    { url: 'https://hooks.example/x', shape: 'generic', on: ['start', 'stop', 'verdict'] },
  ]);
  const { notify, recorded } = planText(`${SMALL}\nnotify: [{urlFrom: FAULTLAB_HOOK, shape: slack, on: [stop]}]\n`);
  expect(notify).toEqual([{ urlFrom: 'FAULTLAB_HOOK', shape: 'slack', on: ['stop'] }]);
  expect(JSON.stringify(recorded)).not.toContain('FAULTLAB_HOOK');
});

test('a plan that nobody is told of has none', () => {
  expect(planText(SMALL)).not.toHaveProperty('notify');
});

test('somebody’s plan cannot send any other variable of ours, and says one address for each', () => {
  const problems = (receiver: string): string => problemsOf(`${SMALL}\nnotify: [${receiver}]\n`).join('\n');
  expect(problems('{urlFrom: AWS_SECRET_ACCESS_KEY}')).toContain('begins with FAULTLAB_');
  expect(problems('{}')).toContain('either `url` or `urlFrom`');
  expect(problems('{url: "file:///etc/passwd"}')).not.toBe('');
  expect(problems('{url: "http://a", on: []}')).not.toBe('');
});

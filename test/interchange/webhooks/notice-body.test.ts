import { expect, test } from 'vitest';
import type { Notice } from '../../../src/interchange/webhooks/notice.js';
import { noticeBody } from '../../../src/interchange/webhooks/notice-body.js';

const notice: Notice = {
  kind: 'verdict',
  run: 'r-1',
  title: 'gray <!channel> & co',
  environment: 'local',
  wallMs: Date.UTC(2026, 10, 22, 1, 2, 3),
  verdict: 'fail',
  exitCode: 1,
  reason: 'a promise was broken',
  findings: [
    { name: 'ejects', check: 'outlierEjection', verdict: 'fail', summary: 'never <@U1> ejected' },
    { name: 'kept', check: 'retry', verdict: 'pass', summary: 'fine' },
  ],
};
const slack = (of: Notice): string => (JSON.parse(noticeBody(of, 'slack')) as { text: string }).text;

test('the generic shape is all that is known, with the instant as text', () => {
  const { wallMs: _wallMs, ...rest } = notice;
  expect(JSON.parse(noticeBody(notice, 'generic'))).toEqual({ from: 'faultlab', at: '2026-11-22T01:02:03.000Z', ...rest });
});

test('Slack’s shape is one text in which no name of a plan can call anybody, with the broken promises', () => {
  expect(slack(notice)).toBe(
    '*gray &lt;!channel&gt; &amp; co* is judged: *fail*\na promise was broken\n• ejects: fail: never &lt;@U1&gt; ejected\nrun r-1 in local',
  );
  const { verdict: _verdict, exitCode: _exitCode, reason: _reason, findings: _findings, ...start } = notice;
  expect(slack({ ...start, kind: 'start', owner: 'shop', runbook: 'https://x' })).toMatch(/ starts\nrun r-1 in local, owner shop\nrunbook/);
  expect(slack({ ...start, kind: 'stop', reason: 'SIGINT' })).toMatch(/ stops before its end and heals\nSIGINT\n/);
});

test('promises beyond a few are counted', () => {
  const findings = Array.from({ length: 11 }, (_, i) => ({ name: `p${i}`, check: 'c', verdict: 'fail', summary: '' }));
  expect(slack({ ...notice, findings })).toContain('• p7: fail: \n• and 3 more\n');
});

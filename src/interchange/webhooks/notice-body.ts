/** A notice as its receiver reads it. Names of a plan are somebody's text: in Slack's shape none of them can become a mention or a link. */
import type { NoticeShape } from '../../experiment/schema/notify.js';
import type { Notice } from './notice.js';

/** Promises named one by one in a text; the others are counted. */
const PROMISES_MAX = 8;

/** JSON. */
export function noticeBody(notice: Notice, shape: NoticeShape): string {
  return JSON.stringify(shape === 'slack' ? { text: textOf(notice) } : genericOf(notice));
}

function genericOf({ wallMs, ...notice }: Notice): object {
  return { from: 'faultlab', at: new Date(wallMs).toISOString(), ...notice };
}

function textOf(notice: Notice): string {
  const { title, environment, run, owner, runbook, reason } = notice;
  return [
    `*${escaped(title)}* ${headline(notice)}`,
    ...(reason === undefined ? [] : [escaped(reason)]),
    ...promises(notice),
    `run ${escaped(run)} in ${escaped(environment)}${owner === undefined ? '' : `, owner ${escaped(owner)}`}`,
    ...(runbook === undefined ? [] : [`runbook ${escaped(runbook)}`]),
  ].join('\n');
}

function headline({ kind, verdict }: Notice): string {
  if (kind === 'start') return 'starts';
  return kind === 'stop' ? 'stops before its end and heals' : `is judged: *${verdict}*`;
}

function promises({ findings = [] }: Notice): readonly string[] {
  const bad = findings.filter(({ verdict }) => verdict !== 'pass');
  const shown = bad.slice(0, PROMISES_MAX).map(({ name, verdict, summary }) => `• ${escaped(name)}: ${verdict}: ${escaped(summary)}`);
  return bad.length > PROMISES_MAX ? [...shown, `• and ${bad.length - PROMISES_MAX} more`] : shown;
}

/** As Slack asks for it: what is left can open no tag. */
function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** One run: its verdict, its promises with what was measured, what happened on the wire, and its reports to keep. */
import { Answered } from '../../parts/answered.js';
import { PictureOf } from '../../parts/picture-of.js';
import { RunTabs } from '../../parts/run-tabs.js';
import { VerdictBadge } from '../../parts/verdict-badge.js';
import { sayWhen } from '../../parts/when.js';
import { formatMs } from '../../parts/words.js';
import { type Route, routeTo } from '../../shell/route.js';
import { useAnswer } from '../../wire/use-answer.js';
import { defineView } from '../view.js';
import { Findings } from './findings.js';
import { type RunReport, routeOfRun } from './report-of-run.js';
import { Reports } from './reports.js';
import { Retrospect } from './retrospect.js';
import { FaultTable, LinkTable } from './what-was.js';

function Run({ route }: { route: Route }) {
  const [run] = route.path;
  return (
    <>
      <RunTabs current="run" />
      {run === undefined ? (
        <p class="empty">
          No run is named. <a href={routeTo('runs')}>Choose one</a>.
        </p>
      ) : (
        <OneRun key={run} run={run} />
      )}
    </>
  );
}

function OneRun({ run }: { run: string }) {
  const { answer, again } = useAnswer<RunReport>(routeOfRun(run, 'report.json'));
  return <Answered answer={answer}>{(report) => <Report run={run} report={report} onAgain={again} />}</Answered>;
}

function Report({ run, report, onAgain }: { run: string; report: RunReport; onAgain: () => void }) {
  return (
    <>
      <Heading report={report} />
      <Reports run={run} />
      <Facts report={report} />
      <h2>Promises</h2>
      <Findings findings={report.findings} />
      <h2>What happened on the wire</h2>
      <PictureOf
        path={routeOfRun(run, 'pictures/timeline.svg')}
        says="Timeline of the run: load, errors and latencies of each link, with the faults shaded"
        isWide
      />
      <h2>Faults</h2>
      <FaultTable report={report} />
      <h2>Links</h2>
      <LinkTable report={report} />
      <Retrospect run={run} report={report} onAnswered={onAgain} />
      <h2>Do it again</h2>
      <pre>{report.run.replay}</pre>
    </>
  );
}

function Heading({ report: { run, verdict, exit, gaps } }: { report: RunReport }) {
  return (
    <>
      <div class="headline">
        <VerdictBadge verdict={verdict} />
        <h1>{run.title}</h1>
      </div>
      <p>
        {exit.reason} <span class="soft">(exit code {exit.code})</span>
      </p>
      {run.description !== null && <p class="soft">{run.description}</p>}
      {gaps.length > 0 && <p class="notice">The record is not whole: {gaps.join('; ')}</p>}
    </>
  );
}

/** What is longer than this takes two columns. */
const LONG_CHARACTERS = 40;

function Facts({ report: { run } }: { report: RunReport }) {
  const inputs = Object.entries(run.inputs).map(([name, value]) => `${name}=${value}`);
  const facts: readonly (readonly [string, string])[] = [
    ['Run', run.id],
    ['Started', run.startedAt === null ? '–' : sayWhen(Date.parse(run.startedAt))],
    ['Took', run.durationMs === null ? '–' : formatMs(run.durationMs)],
    ['Environment', run.environment],
    ['Seed', String(run.seed)],
    ['Inputs', inputs.join(', ') || 'none'],
    ['Steady state', run.steadyState === 'notMet' ? 'not met' : run.steadyState],
    ['Healing', run.cleanup],
    ['faultlab', run.version],
  ];
  return (
    <dl class="run-facts">
      {facts.map(([name, value]) => (
        <div key={name} class={value.length > LONG_CHARACTERS ? 'long' : undefined}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export const run = defineView({ name: 'run', title: 'Run', under: 'runs', Component: Run });

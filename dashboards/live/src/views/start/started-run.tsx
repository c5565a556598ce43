/** The run that was started from here last: what it says while it goes on, how to end it, and what came of it. */
import { useState } from 'preact/hooks';
import type { Started } from '../../../../../src/control/library/contract.js';
import { Button } from '../../parts/button.js';
import { Failure } from '../../parts/failure.js';
import { VerdictBadge } from '../../parts/verdict-badge.js';
import { routeTo } from '../../shell/route.js';
import { ask } from '../../wire/request.js';
import { lookAgain, useStarted } from './started.js';

type Carried = Exclude<Started, { kind: 'none' }>;

export function StartedRun() {
  const state = useStarted();
  if (state === undefined || state.kind === 'none') return null;
  return (
    <section class="gate" aria-label="The run that was started from here" aria-live="polite">
      {state.kind === 'running' ? <Running state={state} /> : <Ended state={state} />}
      <Lines state={state} />
    </section>
  );
}

function Running({ state: { title, run } }: { state: Carried }) {
  const [failure, setFailure] = useState<unknown>(undefined);
  const stop = (): void => {
    ask('/v1/plans/started/stop', { method: 'POST', body: {} }).then(lookAgain, setFailure);
  };
  return (
    <>
      <p>
        <b>{title}</b> goes on{run !== null && <span class="soft"> as {run}</span>}.
      </p>
      <div class="buttons">
        <a class="button main" href={routeTo('live')}>
          Watch it
        </a>
        <Button look="danger" onClick={stop}>
          Stop and heal
        </Button>
      </div>
      <Failure of={failure} />
    </>
  );
}

function Ended({ state }: { state: Extract<Started, { kind: 'ended' }> }) {
  const { title, run, verdict, reason, exitCode } = state;
  return (
    <>
      <div class="headline">
        {verdict !== null && <VerdictBadge verdict={verdict} />}
        <b>{title}</b>
      </div>
      <p>
        {reason ?? 'it ended without a report'} <span class="soft">(exit code {exitCode ?? 'none'})</span>
      </p>
      {run !== null && (
        <p>
          <a class="button main" href={routeTo('run', [run])}>
            See the report
          </a>
        </p>
      )}
    </>
  );
}

function Lines({ state }: { state: Carried }) {
  const { lines, linesLost } = state;
  if (lines.length === 0) return null;
  return (
    <details open={state.kind === 'ended' && state.verdict === null}>
      <summary>What it said</summary>
      {linesLost > 0 && <p class="soft">{linesLost} lines before these are gone.</p>}
      <pre>{lines.join('\n')}</pre>
    </details>
  );
}

/** What runs on this daemon, how far it has come, and how its promises stand. */
import { formatInstant, VERDICT_WORDS } from '../../../../src/reports/wording.js';
import { halted, model, nowMs, run } from '../state/live.js';
import { routeTo } from './route.js';

export function RunState() {
  if (model.value === null) return null;
  const current = run.value;
  if (current === null)
    return <span class="soft">no run{model.value.environment === '' ? '' : ` · environment ${model.value.environment}`}</span>;
  const { started, phase, ended, verdicts } = current;
  const untilMs = ended?.atMs ?? nowMs.value;
  const final = verdicts?.final ?? null;
  return (
    <span class="run-state">
      <a href={routeTo('run', [current.run])} title={current.run}>
        {started.plan.title}
      </a>
      {halted.value !== null && <span class="badge fail">halted</span>}
      {final !== null && final.verdict !== 'open' && (
        <span class={`badge ${final.verdict}`}>
          {VERDICT_WORDS[final.verdict].sign} {VERDICT_WORDS[final.verdict].word}
        </span>
      )}
      <span class="soft">
        {ended === null ? (phase ?? 'between phases') : ended.status} · {formatInstant(untilMs, started.atMs).replace(/\.\d$/, '')}
      </span>
    </span>
  );
}

/** Which faults were tried on which edge, and what came of it. An empty cell is what nobody has tried; what is stale counts no more. */
import { useState } from 'preact/hooks';
import type { CoverageAnswer } from '../../../../../src/control/library/contract.js';
import { Answered } from '../../parts/answered.js';
import { RunTabs } from '../../parts/run-tabs.js';
import { sayAge } from '../../parts/when.js';
import { spaced, VERDICT_WORDS } from '../../parts/words.js';
import { routeTo } from '../../shell/route.js';
import { useAnswer } from '../../wire/use-answer.js';
import { defineView } from '../view.js';
import { type Covered, countOf, type Matrix, matrixOf } from './matrix.js';

const DAYS: readonly number[] = [1, 7, 30, 90, 365];
const DAYS_DEFAULT = 30;

function Coverage() {
  const [days, setDays] = useState(DAYS_DEFAULT);
  const { answer } = useAnswer<CoverageAnswer>(`/v1/history/coverage?expireDays=${days}`);
  return (
    <>
      <h1>What was tried</h1>
      <RunTabs current="coverage" />
      <div class="filters">
        <label class="field">
          A verdict counts for
          <select value={String(days)} onChange={(event) => setDays(Number(event.currentTarget.value))}>
            {DAYS.map((count) => (
              <option key={count} value={String(count)}>
                {count === 1 ? '1 day' : `${count} days`}
              </option>
            ))}
          </select>
        </label>
      </div>
      <Answered answer={answer}>{({ cells }) => (cells.length === 0 ? <Empty /> : <Tried cells={cells} />)}</Answered>
    </>
  );
}

function Empty() {
  return (
    <div class="empty">
      <p>Nothing is covered: no run had a promise about a fault.</p>
      <p>
        <a href={routeTo('start')}>Start an experiment</a> whose checks say <code>during:</code> a fault step.
      </p>
    </div>
  );
}

function Tried({ cells }: { cells: readonly Covered[] }) {
  const { tried, places, stale } = countOf(cells);
  return (
    <>
      <p>
        {tried} of {places} pairs of edge and fault are covered{stale > 0 && `; ${stale} verdicts are stale`}.
      </p>
      <Grid matrix={matrixOf(cells)} />
    </>
  );
}

function Grid({ matrix }: { matrix: Matrix }) {
  const { edges, faults } = matrix;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls has to be reached by the keyboard
    <section class="scroll" tabIndex={0} aria-label="Coverage">
      <table class="data matrix">
        <caption class="hidden">Edges down, faults across; in each cell the checks and their latest verdict</caption>
        <thead>
          <tr>
            <th scope="col">Edge</th>
            {faults.map((fault) => (
              <th key={fault} scope="col">
                {fault}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {edges.map((edge) => (
            <tr key={edge}>
              <th scope="row">{edge.replace('->', ' → ')}</th>
              {faults.map((fault) => (
                <td key={fault}>
                  <Cell cells={matrix.at(edge, fault)} />
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Cell({ cells }: { cells: readonly Covered[] }) {
  if (cells.length === 0) return <span class="soft">not tried</span>;
  return (
    <ul class="measures">
      {cells.map((cell) => (
        <li key={cell.check}>
          <Verdict cell={cell} />
        </li>
      ))}
    </ul>
  );
}

const STALE_WORDS = { age: 'too old', changed: 'the plan has changed since' };

function Verdict({ cell: { check, verdict, run, ageMs, stale } }: { cell: Covered }) {
  const { sign, word } = VERDICT_WORDS[verdict];
  const staleWords = stale === undefined ? '' : `, stale: ${STALE_WORDS[stale]}`;
  return (
    <a
      class={stale === undefined ? `verdict ${verdict}` : 'verdict stale'}
      href={routeTo('run', [run])}
      title={`${word}, ${sayAge(ageMs)}${staleWords}`}
    >
      <span aria-hidden="true">{sign}</span> {spaced(check)}
      <span class="hidden">
        : {word}
        {staleWords}
      </span>
    </a>
  );
}

export const coverage = defineView({ name: 'coverage', title: 'Coverage', under: 'runs', Component: Coverage });

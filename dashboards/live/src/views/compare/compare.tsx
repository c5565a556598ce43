/** Two runs side by side: promises first, then the figures that moved. */
import { useState } from 'preact/hooks';
import type { CompareAnswer, RunHead, RunsAnswer } from '../../../../../src/control/library/contract.js';
import { Answered } from '../../parts/answered.js';
import { RunTabs } from '../../parts/run-tabs.js';
import { Table } from '../../parts/table.js';
import { VerdictBadge } from '../../parts/verdict-badge.js';
import { sayWhen } from '../../parts/when.js';
import { type Route, routeTo } from '../../shell/route.js';
import { useAnswer } from '../../wire/use-answer.js';
import { defineView } from '../view.js';
import { changeOf, hasMoved, partner, sayFigure } from './change.js';

const RUNS_ASKED = 200;

function Compare({ route }: { route: Route }) {
  const { answer } = useAnswer<RunsAnswer>(`/v1/history?limit=${RUNS_ASKED}`);
  return (
    <>
      <h1>Compare two runs</h1>
      <RunTabs current="compare" />
      <Answered answer={answer}>{({ runs }) => <Choice runs={runs} route={route} />}</Answered>
    </>
  );
}

function Choice({ runs, route: { options } }: { runs: readonly RunHead[]; route: Route }) {
  const after = options.get('after') ?? runs[0]?.run;
  const before = options.get('before') ?? partner(runs, after);
  const choose = (chosen: { before?: string | undefined; after?: string | undefined }): void => {
    location.hash = routeTo('compare', [], { before, after, ...chosen });
  };
  if (runs.length < 2 || after === undefined)
    return (
      <div class="empty">
        <p>There is nothing to compare yet: two runs have to have ended.</p>
        <p>
          <a href={routeTo('start')}>Start one</a>, or type <code>faultlab run experiments/gray-failure.yaml</code>.
        </p>
      </div>
    );
  return (
    <>
      <div class="filters">
        <RunChoice label="Before" runs={runs} chosen={before} onChoose={(run) => choose({ before: run })} />
        <button type="button" class="button" onClick={() => choose({ before: after, after: before })}>
          ⇄ Turn round
        </button>
        <RunChoice label="After" runs={runs} chosen={after} onChoose={(run) => choose({ after: run })} />
      </div>
      {before === undefined ? <p class="soft">Choose the run before.</p> : <Compared before={before} after={after} />}
    </>
  );
}

interface RunChoiceProps {
  label: string;
  runs: readonly RunHead[];
  chosen: string | undefined;
  onChoose: (run: string) => void;
}

function RunChoice({ label, runs, chosen, onChoose }: RunChoiceProps) {
  return (
    <label class="field wide">
      {label}
      <select value={chosen ?? ''} onChange={(event) => onChoose(event.currentTarget.value)}>
        {chosen === undefined && <option value="">…</option>}
        {runs.map(({ run, title, verdict, startedWallMs }) => (
          <option key={run} value={run}>
            {title}, {sayWhen(startedWallMs)}: {verdict} ({run.slice(-6)})
          </option>
        ))}
      </select>
    </label>
  );
}

function Compared({ before, after }: { before: string; after: string }) {
  const { answer } = useAnswer<CompareAnswer>(`/v1/history/compare?${new URLSearchParams({ before, after })}`);
  return (
    <Answered answer={answer}>
      {(comparison) => (
        <>
          <Caveats caveats={comparison.caveats} />
          <h2>Promises</h2>
          <Promises verdicts={comparison.verdicts} />
          <h2>Figures</h2>
          <Figures figures={comparison.figures} />
        </>
      )}
    </Answered>
  );
}

function Caveats({ caveats }: { caveats: readonly string[] }) {
  if (caveats.length === 0) return <p class="soft">The same plan, inputs and versions: what differs is what happened.</p>;
  return (
    <div class="notice">
      <p>Not the same, so that a difference may be due to it:</p>
      <ul>
        {caveats.map((caveat) => (
          <li key={caveat}>{caveat}</li>
        ))}
      </ul>
    </div>
  );
}

function Promises({ verdicts }: { verdicts: CompareAnswer['verdicts'] }) {
  return (
    <Table
      caption="Promises before and after"
      columns={[
        { title: 'Promise', cell: ({ name }) => name, sortBy: ({ name }) => name },
        { title: 'Before', cell: ({ before }) => <VerdictBadge verdict={before} />, sortBy: ({ before }) => before },
        { title: 'After', cell: ({ after }) => <VerdictBadge verdict={after} />, sortBy: ({ after }) => after },
        { title: 'Change', cell: ({ kind }) => <Change kind={kind} />, sortBy: ({ kind }) => kind },
      ]}
      rows={verdicts}
      keyOf={({ name }) => name}
      empty={<p>Neither run promised anything.</p>}
    />
  );
}

function Change({ kind }: { kind: CompareAnswer['verdicts'][number]['kind'] }) {
  if (kind === 'same') return <span class="soft">same</span>;
  return <b class={kind === 'broken' ? 'fail' : kind === 'fixed' ? 'pass' : undefined}>{kind}</b>;
}

function Figures({ figures }: { figures: CompareAnswer['figures'] }) {
  const [isAll, setAll] = useState(false);
  const shown = isAll ? figures : figures.filter(hasMoved);
  return (
    <>
      <label class="tick">
        <input type="checkbox" checked={isAll} onChange={(event) => setAll(event.currentTarget.checked)} /> Also those that moved by less
        than 5 %
      </label>
      <Table
        caption={`${shown.length} of ${figures.length} figures`}
        columns={[
          { title: 'Figure', cell: ({ subject }) => subject, sortBy: ({ subject }) => subject },
          {
            title: 'Before',
            cell: ({ before, unit }) => sayFigure(before, unit),
            sortBy: ({ before }) => before ?? undefined,
            isFigure: true,
          },
          { title: 'After', cell: ({ after, unit }) => sayFigure(after, unit), sortBy: ({ after }) => after ?? undefined, isFigure: true },
          { title: 'Change', cell: (figure) => changeOf(figure), sortBy: ({ ratio }) => ratio ?? undefined, isFigure: true },
        ]}
        rows={shown}
        keyOf={({ subject }) => subject}
        empty={<p>No figure moved by more than 5 %.</p>}
      />
    </>
  );
}

export const compare = defineView({ name: 'compare', title: 'Compare', under: 'runs', Component: Compare });

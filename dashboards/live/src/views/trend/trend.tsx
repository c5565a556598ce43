/** One figure over the runs of an experiment. */
import type { RunsAnswer, TrendAnswer } from '../../../../../src/control/library/contract.js';
import { Answered } from '../../parts/answered.js';
import { RunTabs } from '../../parts/run-tabs.js';
import { Table } from '../../parts/table.js';
import { VerdictBadge } from '../../parts/verdict-badge.js';
import { sayWhen } from '../../parts/when.js';
import { type Route, routeTo } from '../../shell/route.js';
import { useAnswer } from '../../wire/use-answer.js';
import { sayFigure } from '../compare/change.js';
import { defineView } from '../view.js';
import { TrendPicture } from './trend-picture.js';

const RUNS_ASKED = 200;

function TrendView({ route: { options } }: { route: Route }) {
  const { answer } = useAnswer<RunsAnswer>(`/v1/history?limit=${RUNS_ASKED}`);
  return (
    <>
      <h1>One figure over time</h1>
      <RunTabs current="trend" />
      <Answered answer={answer}>
        {({ runs }) => {
          const titles = [...new Set(runs.map(({ title }) => title))];
          const title = options.get('title') ?? titles[0];
          if (title === undefined) return <Empty />;
          return <Followed titles={titles} title={title} figure={options.get('figure') ?? undefined} />;
        }}
      </Answered>
    </>
  );
}

function Empty() {
  return (
    <p class="empty">
      No run has ended here yet. <a href={routeTo('start')}>Start one</a>.
    </p>
  );
}

interface FollowedProps {
  titles: readonly string[];
  title: string;
  figure: string | undefined;
}

function Followed({ titles, title, figure }: FollowedProps) {
  const asked = new URLSearchParams({ title, ...(figure !== undefined && { figure }) });
  const { answer } = useAnswer<TrendAnswer>(`/v1/history/trend?${asked}`);
  const go = (options: { title: string; figure?: string }): void => {
    location.hash = routeTo('trend', [], options);
  };
  return (
    <>
      <div class="filters">
        <label class="field">
          Experiment
          <select value={title} onChange={(event) => go({ title: event.currentTarget.value })}>
            {titles.map((one) => (
              <option key={one} value={one}>
                {one}
              </option>
            ))}
          </select>
        </label>
        {answer.kind === 'there' && (
          <label class="field wide">
            Figure
            <select value={answer.data.trend?.figure ?? ''} onChange={(event) => go({ title, figure: event.currentTarget.value })}>
              {answer.data.figures.map((one) => (
                <option key={one} value={one}>
                  {one}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      <Answered answer={answer}>
        {({ trend: told }) => (told === null ? <p class="soft">No run of it tells a figure.</p> : <Told trend={told} />)}
      </Answered>
    </>
  );
}

function Told({ trend: { figure, unit, points } }: { trend: NonNullable<TrendAnswer['trend']> }) {
  return (
    <>
      <TrendPicture figure={figure} unit={unit} points={points} />
      <Table
        caption={`${figure}, newest first`}
        columns={[
          { title: 'Run', cell: ({ run }) => <a href={routeTo('run', [run])}>{run}</a>, sortBy: ({ run }) => run },
          { title: 'Started', cell: ({ startedWallMs }) => sayWhen(startedWallMs), sortBy: ({ startedWallMs }) => startedWallMs },
          { title: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} />, sortBy: ({ verdict }) => verdict },
          { title: 'Value', cell: ({ value }) => sayFigure(value, unit), sortBy: ({ value }) => value ?? undefined, isFigure: true },
        ]}
        rows={points.toReversed()}
        keyOf={({ run }) => run}
        empty={<p>No run tells it.</p>}
      />
    </>
  );
}

export const trend = defineView({ name: 'trend', title: 'Over time', under: 'runs', Component: TrendView });

/** Runs of before, newest first: to be found, opened, and put side by side. */
import { useState } from 'preact/hooks';
import type { RunHead, RunsAnswer } from '../../../../../src/control/library/contract.js';
import { Answered } from '../../parts/answered.js';
import { Failure } from '../../parts/failure.js';
import { RunTabs } from '../../parts/run-tabs.js';
import { type Column, Table } from '../../parts/table.js';
import { VerdictBadge } from '../../parts/verdict-badge.js';
import { sayWhen } from '../../parts/when.js';
import { formatMs } from '../../parts/words.js';
import { routeTo } from '../../shell/route.js';
import { daemonState } from '../../state/live.js';
import { ask } from '../../wire/request.js';
import { useAnswer } from '../../wire/use-answer.js';
import { defineView } from '../view.js';
import { isMeant, joined, type RunFilter, toggled, VERDICTS } from './run-filter.js';

/** How many are asked for at a time. */
const PAGE_RUNS = 100;

function Runs() {
  const { answer, again } = useAnswer<RunsAnswer>(`/v1/history?limit=${PAGE_RUNS}`);
  return (
    <>
      <h1>Runs</h1>
      <RunTabs current="runs" />
      <GoingOn />
      <Answered answer={answer}>{(data) => <RunList newest={data} onAgain={again} />}</Answered>
    </>
  );
}

/** The one that uses this daemon is on no list before it has ended. */
function GoingOn() {
  const run = daemonState.value?.claimedBy ?? null;
  if (run === null) return null;
  return (
    <p class="notice" role="status">
      {run} goes on: <a href={routeTo('live')}>watch it</a>.
    </p>
  );
}

function RunList({ newest, onAgain }: { newest: RunsAnswer; onAgain: () => void }) {
  const { runs, more, failure, askOlder } = useOlder(newest);
  const [filter, setFilter] = useState<RunFilter>({ words: '', verdict: '' });
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const shown = runs.filter((run) => isMeant(run, filter));
  const choose = (run: string): void => setChosen((before) => toggled(before, run));
  return (
    <>
      <FilterForm filter={filter} onFilter={setFilter} onAgain={onAgain} chosen={chosen} />
      <div class="stack tight">
        <Table
          caption={`${shown.length} of ${runs.length} runs, newest first. Kept in ${newest.store}.`}
          isCaptionShown
          columns={columnsOf(chosen, choose)}
          rows={shown}
          keyOf={({ run }) => run}
          empty={<Empty isFiltered={runs.length > 0} />}
        />
      </div>
      {more && (
        <p class="buttons">
          <button type="button" class="button" onClick={askOlder}>
            Older runs
          </button>
        </p>
      )}
      <Failure of={failure} />
      {newest.remarks.map((remark) => (
        <p key={remark} class="soft">
          {remark}
        </p>
      ))}
    </>
  );
}

/** Page by page, behind those that were asked for first. */
function useOlder(newest: RunsAnswer) {
  const [older, setOlder] = useState<RunsAnswer | undefined>(undefined);
  const [failure, setFailure] = useState<unknown>(undefined);
  const runs = joined(newest.runs, older?.runs ?? []);
  const askOlder = (): void => {
    const beforeWallMs = String(runs.at(-1)?.startedWallMs ?? 0);
    ask<RunsAnswer>(`/v1/history?${new URLSearchParams({ limit: String(PAGE_RUNS), beforeWallMs })}`).then(
      (page) => setOlder((before) => ({ ...page, runs: joined(before?.runs ?? [], page.runs) })),
      setFailure,
    );
  };
  return { runs, more: (older ?? newest).more, failure, askOlder };
}

interface FilterFormProps {
  filter: RunFilter;
  onFilter: (filter: RunFilter) => void;
  onAgain: () => void;
  chosen: readonly string[];
}

function FilterForm({ filter, onFilter, onAgain, chosen }: FilterFormProps) {
  const [before, after] = chosen.toSorted();
  const address = after === undefined ? undefined : routeTo('compare', [], { before, after });
  return (
    <form class="filters" onSubmit={(event) => event.preventDefault()}>
      <label class="field">
        Find
        <input
          type="search"
          placeholder="name, fault, environment"
          value={filter.words}
          onInput={(event) => onFilter({ ...filter, words: event.currentTarget.value })}
        />
      </label>
      <label class="field">
        Verdict
        <select value={filter.verdict} onChange={(event) => onFilter({ ...filter, verdict: event.currentTarget.value })}>
          <option value="">any</option>
          {VERDICTS.map((verdict) => (
            <option key={verdict} value={verdict}>
              {verdict}
            </option>
          ))}
        </select>
      </label>
      <button type="button" class="button" onClick={onAgain}>
        Look again
      </button>
      {address === undefined ? (
        <span class="soft">Tick two runs to compare them.</span>
      ) : (
        <a class="button main" href={address}>
          Compare the two
        </a>
      )}
    </form>
  );
}

function Empty({ isFiltered }: { isFiltered: boolean }) {
  if (isFiltered) return <p>No run is like that. Take back a word of the filter.</p>;
  return (
    <>
      <p>No run has ended here yet.</p>
      <p>
        <a href={routeTo('start')}>Start one</a>, or type <code>faultlab run experiments/gray-failure.yaml</code>.
      </p>
    </>
  );
}

function columnsOf(chosen: readonly string[], choose: (run: string) => void): readonly Column<RunHead>[] {
  return [
    {
      title: 'Experiment',
      cell: ({ run, title }) => (
        <>
          <a href={routeTo('run', [run])}>{title}</a>
          <small class="id">{run}</small>
        </>
      ),
      sortBy: ({ title }) => title,
    },
    { title: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} />, sortBy: ({ verdict }) => verdict },
    { title: 'Started', cell: ({ startedWallMs }) => sayWhen(startedWallMs), sortBy: ({ startedWallMs }) => startedWallMs },
    {
      title: 'Took',
      cell: ({ durationMs }) => (durationMs === null ? '–' : formatMs(durationMs)),
      sortBy: ({ durationMs }) => durationMs ?? undefined,
      isFigure: true,
    },
    { title: 'Promises', cell: (run) => keptOf(run), sortBy: ({ promises }) => promises.pass, isFigure: true },
    { title: 'Faults', cell: ({ faults }) => faults.join(', ') || '–', sortBy: ({ faults }) => faults.join(', ') },
    { title: 'Outcome', cell: ({ exitReason, exitCode }) => `${exitReason} (${exitCode})`, sortBy: ({ exitCode }) => exitCode },
    {
      title: 'Compare',
      cell: ({ run, title }) => (
        <label class="pick">
          <input type="checkbox" checked={chosen.includes(run)} aria-label={`Compare ${title}, ${run}`} onChange={() => choose(run)} />
          <span>compare</span>
        </label>
      ),
    },
  ];
}

/** Promises that were kept, of all. */
function keptOf({ promises }: RunHead): string {
  return `${promises.pass} of ${Object.values(promises).reduce((sum, count) => sum + count, 0)} kept`;
}

export const runs = defineView({ name: 'runs', title: 'Runs', menu: { word: 'Runs', place: 2 }, Component: Runs });

/** The promises of a run: verdict, sentence, and what was measured against which limit. */
import { Table } from '../../parts/table.js';
import { VerdictBadge } from '../../parts/verdict-badge.js';
import { formatMeasured, spaced } from '../../parts/words.js';
import { byUrgency, type ReportFinding, type ReportMeasurement } from './report-of-run.js';

export function Findings({ findings }: { findings: readonly ReportFinding[] }) {
  return (
    <div class="stack">
      <Table
        caption="Promises, broken ones first"
        columns={[
          {
            title: 'Promise',
            cell: ({ name, check, severity }) => (
              <>
                {name}
                <small class="id">
                  {spaced(check)}
                  {severity === 'warn' ? ', warns only' : ''}
                </small>
              </>
            ),
            sortBy: ({ name }) => name,
          },
          { title: 'Verdict', cell: ({ verdict }) => <VerdictBadge verdict={verdict} />, sortBy: ({ verdict }) => verdict },
          { title: 'What was seen', cell: (finding) => <Seen finding={finding} /> },
          { title: 'Measured', cell: ({ measurements }) => <Measurements measurements={measurements} /> },
        ]}
        rows={byUrgency(findings)}
        keyOf={({ name }) => name}
        empty={<p>The plan promised nothing, so nothing was judged.</p>}
      />
    </div>
  );
}

function Seen({ finding: { summary, alternatives } }: { finding: ReportFinding }) {
  return (
    <>
      {summary}
      {alternatives.map((alternative) => (
        <small key={alternative} class="id">
          or: {alternative}
        </small>
      ))}
    </>
  );
}

function Measurements({ measurements }: { measurements: readonly ReportMeasurement[] }) {
  return (
    <ul class="measures">
      {measurements.map((one) => (
        <li key={one.name} class={one.met === false ? 'fail' : undefined}>
          {one.name}: <b>{sayMeasured(one)}</b>
          {one.limit !== undefined && <span class="soft"> promised {one.limit}</span>}
        </li>
      ))}
    </ul>
  );
}

/** JSON has no figure that is none: an open end of an interval is `null` there. */
function sayMeasured({ interval, value, unit = '', name }: ReportMeasurement): string {
  const ends = interval?.map((end) => end ?? Number.NaN) as [number, number] | undefined;
  return formatMeasured({ name, value, unit, ...(ends !== undefined && { interval: ends }) });
}

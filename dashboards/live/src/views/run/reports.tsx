/** The reports of a run in every format: opened, where a plain link reaches it, and kept as a file. */
import { useState } from 'preact/hooks';
import { Failure } from '../../parts/failure.js';
import { routeTo } from '../../shell/route.js';
import { keep, plainLink } from '../../wire/download.js';
import { routeOfRun } from './report-of-run.js';

const FORMATS: readonly (readonly [extension: string, words: string])[] = [
  ['html', 'HTML'],
  ['json', 'JSON'],
  ['md', 'Markdown'],
  ['xml', 'JUnit'],
  ['txt', 'Text'],
];

export function Reports({ run }: { run: string }) {
  const [failure, setFailure] = useState<unknown>(undefined);
  const page = plainLink(routeOfRun(run, 'report.html'));
  const save = (extension: string): void => {
    setFailure(undefined);
    keep(routeOfRun(run, `report.${extension}`), `${run}.${extension}`).catch(setFailure);
  };
  return (
    <>
      <div class="buttons">
        {page !== undefined && (
          <a class="button main" href={page} target="_blank" rel="noopener">
            Open the report
          </a>
        )}
        {FORMATS.map(([extension, words]) => (
          <button key={extension} type="button" class="button" aria-label={`Keep the report as ${words}`} onClick={() => save(extension)}>
            ↓ {words}
          </button>
        ))}
        <a class="button" href={routeTo('pictures', [run])}>
          Pictures
        </a>
        <a class="button" href={routeTo('compare', [], { after: run })}>
          Compare
        </a>
      </div>
      <Failure of={failure} />
    </>
  );
}

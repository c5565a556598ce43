/** Pictures: of one run, or those that somebody has put beside the runs, like the trade-off of failure detectors. */
import type { PicturesAnswer } from '../../../../../src/control/library/contract.js';
import { Answered } from '../../parts/answered.js';
import { PictureOf } from '../../parts/picture-of.js';
import { RunTabs } from '../../parts/run-tabs.js';
import { type Route, routeTo } from '../../shell/route.js';
import { useAnswer } from '../../wire/use-answer.js';
import { defineView } from '../view.js';

function Pictures({ route }: { route: Route }) {
  const [run] = route.path;
  const { answer } = useAnswer<PicturesAnswer>(
    run === undefined ? '/v1/history/pictures' : `/v1/history/${encodeURIComponent(run)}/pictures`,
  );
  return (
    <>
      <h1>{run === undefined ? 'Pictures' : 'Pictures of one run'}</h1>
      <RunTabs current="pictures" />
      {run !== undefined && (
        <p>
          <a href={routeTo('run', [run])}>{run}</a>
        </p>
      )}
      <Answered answer={answer}>{(data) => <Gallery answer={data} />}</Answered>
    </>
  );
}

function Gallery({ answer: { pictures, folder } }: { answer: PicturesAnswer }) {
  if (pictures.length === 0) return <Empty folder={folder} />;
  return (
    <>
      {pictures.map(({ path, title, kind }) => (
        <section key={path}>
          <h2>{title}</h2>
          <PictureOf path={`/v1/history/${path}`} says={title} isWide={kind === 'timeline'} />
        </section>
      ))}
    </>
  );
}

function Empty({ folder }: { folder: string }) {
  return (
    <div class="empty">
      <p>
        No picture lies in <code>{folder}</code>.
      </p>
      <p>
        Those of a run are found behind it: <a href={routeTo('runs')}>choose one</a>. To compare failure detectors on this machine, type{' '}
        <code>faultlab lab detectors --picture {folder}/detectors.svg</code>.
      </p>
    </div>
  );
}

export const pictures = defineView({ name: 'pictures', title: 'Pictures', under: 'runs', Component: Pictures });

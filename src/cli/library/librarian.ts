/** Answers what is asked about runs of before and about experiments, from the folders in which they lie. Names come from strangers: only what a folder lists is opened. */
import { stat } from 'node:fs/promises';
import type { Question } from '../../control/library/clerk.js';
import type { Clock } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import { listLive, listRuns, RunFolder } from '../../journal/store.js';
import { JournalWriter } from '../../journal/writer.js';
import { reporters } from '../../reports/catalog.js';
import type { Report } from '../../reports/reporter.js';
import { judgeFolder } from '../verdict.js';
import { comparison, coverage, listOf, trend } from './over-time.js';
import { fileOf, pictureList, runPicture } from './pictures.js';
import { planned } from './planned.js';
import { shipped } from './shipped.js';

export interface LibraryFolders {
  /** Run folders. */
  runs: string;
  /** Experiments that are shipped. */
  experiments: string;
}

export class Librarian {
  readonly #folders: LibraryFolders;
  readonly #clock: Clock;
  /** The one that was judged last: whoever opens a run asks for several things of it. */
  #judged: { key: string; report: Report } | undefined;

  constructor(folders: LibraryFolders, clock: Clock) {
    this.#folders = folders;
    this.#clock = clock;
  }

  /** Text: JSON, a report, or an SVG. Rejects as what was asked does. */
  async answer(question: Question): Promise<string> {
    const { runs } = this.#folders;
    switch (question.kind) {
      case 'runs':
        return JSON.stringify(await listOf(runs, question));
      case 'compare':
        return JSON.stringify(await comparison(runs, question));
      case 'coverage':
        return JSON.stringify(await coverage(runs, { nowWallMs: this.#clock.wallMs(), expireDays: question.expireDays }));
      case 'trend':
        return JSON.stringify(await trend(runs, question));
      case 'report':
        return render(await this.#reportOf(question.run), question.extension);
      case 'pictures':
        return JSON.stringify(await this.#pictures(question.run));
      case 'picture':
        return this.#picture(question);
      case 'answer':
        return JSON.stringify(await this.#take(question));
      case 'shipped':
        return JSON.stringify({ experiments: await shipped(this.#folders.experiments) });
      case 'plan':
        return JSON.stringify(await planned(this.#folders.experiments, question.plan));
      default:
        throw new Error(`nobody answers ${(question satisfies never as Question).kind}`);
    }
  }

  async #folder(run: string): Promise<RunFolder> {
    const { runs } = this.#folders;
    if (!(await listRuns(runs)).includes(run)) throw new LabError('RUN_UNKNOWN', { run: `"${run}"`, folder: runs });
    return new RunFolder(runs, run);
  }

  async #reportOf(run: string): Promise<Report> {
    const folder = await this.#folder(run);
    const { size = 0, mtimeMs = 0 } = (await stat(folder.journal).catch(() => undefined)) ?? {};
    const key = JSON.stringify([run, size, mtimeMs]);
    if (this.#judged?.key !== key) {
      // Two of them at a time would be twice the memory.
      this.#judged = undefined;
      this.#judged = { key, report: await judgeFolder(folder) };
    }
    return this.#judged.report;
  }

  async #pictures(run: string | undefined) {
    if (run === undefined) return pictureList(this.#folders.runs);
    return pictureList((await this.#folder(run)).path, { run, report: await this.#reportOf(run) });
  }

  async #picture({ run, name, scheme }: Extract<Question, { kind: 'picture' }>): Promise<string> {
    if (run === undefined) return fileOf(this.#folders.runs, name);
    return runPicture(await this.#reportOf(run), { name, scheme }) ?? fileOf((await this.#folder(run)).path, name);
  }

  /** What somebody answers to a question of the game day stands behind the end of its journal, as if it had been asked at the terminal. */
  async #take({ run, question, text, by }: Extract<Question, { kind: 'answer' }>) {
    const folder = await this.#folder(run);
    const { record } = await this.#reportOf(run);
    const isLive = (await listLive(this.#folders.runs)).some((live) => live.run === run);
    if (isLive || !record.events.some(({ type }) => type === 'runEnded'))
      throw new LabError('REQUEST_INVALID', { problems: `${run} has not ended: its questions are asked when its verdict is known` });
    if (!record.plan.gameDay?.questions.includes(question))
      throw new LabError('REQUEST_INVALID', { problems: `${run} asks no such question: ${question}` });
    await using journal = await JournalWriter.open(folder.journal, this.#clock, { after: record.events.at(-1)?.n ?? 0 });
    await journal.appendDurably({ type: 'answer', question, text, by });
    await journal.close();
    return { run, question, text, by };
  }
}

function render(report: Report, extension: string): string {
  const reporter = reporters.all.find((one) => one.extension === extension);
  if (reporter === undefined) throw new LabError('REQUEST_INVALID', { problems: `report.${extension}: there is no such format` });
  return reporter.render(report);
}

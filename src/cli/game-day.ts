/** What a game day asks of the people at its terminal: whether it may begin, and what they have seen. Where nobody can be asked it says so and goes on. */
import { LabError } from '../core/errors.js';
import { briefingOf } from '../experiment/briefing.js';
import type { Plan } from '../experiment/plan.js';
import { readRecord } from '../journal/reader.js';
import { JournalWriter } from '../journal/writer.js';
import { printable } from '../reports/printable.js';
import type { Report } from '../reports/reporter.js';
import { askLine } from './ask-line.js';
import type { CliContext } from './command.js';
import type { Executed } from './execute.js';
import type { Keyboard } from './keyboard.js';

export interface Asking {
  /** Begin without asking, and leave the questions open. */
  yes?: true;
  json?: true;
}

/** What a run has of the game day of several that it belongs to. */
export interface DayPlace {
  /** Who let the day begin, when it has; nobody is asked again. */
  begun?: { by: string | undefined };
  /** Asked at the end of this run if the day ends with it before its time. */
  questions: readonly string[];
}

const CTRL_C = 'SIGINT';

const ANSWER_CHARACTERS_MAX = 10_000;

/** Shows the briefing, and says who has confirmed it. Throws NOT_BEGUN where somebody could have, and did not. */
export async function brief(
  context: CliContext,
  plan: Plan,
  { yes, json, begun }: Asking & Pick<DayPlace, 'begun'>,
): Promise<string | undefined> {
  const briefing = briefingOf(plan);
  if (briefing === undefined || json) return begun?.by;
  for (const line of briefing.split('\n')) context.say(printable(line));
  if (begun !== undefined) return begun.by;
  const { keyboard, interrupted } = context;
  if (yes || keyboard === undefined) {
    context.say(yes ? 'It begins, as --yes says.' : 'Nobody can be asked here, so it begins.');
    return undefined;
  }
  const answer = await askLine(keyboard, 'Has everybody read this, and may it begin? [y/N]', interrupted);
  if (answer === undefined || !/^y(es)?$/i.test(answer.trim())) throw new LabError('NOT_BEGUN', { title: plan.recorded.title });
  return keyboard.owner;
}

/**
 * Asks the questions of the game day, when its verdict is known, and writes the answers into its journal. The report with them. Also where the day was
 * stopped, by Ctrl-C too: that is when there is most to say. `more`: questions that are not in the plan of this run.
 */
export async function retrospect(
  context: CliContext,
  { report, folder, events }: Executed,
  { yes, json, more = [] }: Asking & { more?: readonly string[] },
): Promise<Report> {
  const questions = [...new Set([...(report.record.plan.gameDay?.questions ?? []), ...more])];
  if (questions.length === 0 || json) return report;
  const asked = yes ? '--yes says so' : whomToAsk(context);
  if (typeof asked === 'string') {
    const many = questions.length === 1 ? '1 question was' : `${questions.length} questions were`;
    context.say(`${many} not asked: ${asked}`);
    return report;
  }
  context.say('\nWhat did you see? An empty line leaves a question open, Ctrl-D the rest.');
  const { keyboard, signal } = asked;
  await using journal = await JournalWriter.open(folder.journal, context.clock, { after: events });
  for (const question of questions) {
    const answer = await askLine(keyboard, `${question}\n>`, signal);
    if (answer === undefined) break;
    const text = answer.trim().slice(0, ANSWER_CHARACTERS_MAX);
    if (text !== '') await journal.appendDurably({ type: 'answer', question, text, by: keyboard.owner });
  }
  await journal.close();
  return journal.count === events ? report : { ...report, record: await readRecord(folder.journal) };
}

/** Or the reason why nobody is asked. */
function whomToAsk({ keyboard, interrupted }: CliContext): { keyboard: Keyboard; signal: AbortSignal } | string {
  if (keyboard === undefined) return 'nobody can be asked here';
  if (!interrupted.aborted) return { keyboard, signal: interrupted };
  if (interrupted.reason !== CTRL_C) return `${String(interrupted.reason)} came`;
  // Everything is healed by now. Another Ctrl-C leaves the questions, and not the report.
  const stop = new AbortController();
  return { keyboard: { ...keyboard, interrupt: () => stop.abort() }, signal: stop.signal };
}

/** What several instances said to the same question. An answer that was not whole, or lacks the header, is silence and no other opinion. */
import type { RecordedExchange } from '../../journal/record.js';

export interface Question {
  /** Value of the request header, or the path. */
  about: string;
  /** Answer → who gave it. */
  answers: ReadonlyMap<string, readonly RecordedExchange[]>;
  /** Instances that answered. */
  voices: number;
}

/** In the order in which they were first asked. */
export function questionsIn(
  exchanges: Iterable<RecordedExchange>,
  { about, says }: { about?: string | undefined; says: string },
): readonly Question[] {
  const questions = new Map<string, Map<string, RecordedExchange[]>>();
  for (const exchange of exchanges) {
    const asked = about === undefined ? exchange.path : exchange.tokens?.[about];
    const said = exchange.end === 'complete' ? exchange.answerTokens?.[says] : undefined;
    if (asked === undefined || said === undefined) continue;
    const answers = questions.get(asked) ?? new Map<string, RecordedExchange[]>();
    questions.set(asked, answers);
    const same = answers.get(said);
    if (same === undefined) answers.set(said, [exchange]);
    else same.push(exchange);
  }
  return [...questions].map(([asked, answers]) => ({ about: asked, answers, voices: countVoices(answers) }));
}

function countVoices(answers: ReadonlyMap<string, readonly RecordedExchange[]>): number {
  return new Set([...answers.values()].flat().map(({ to }) => to)).size;
}

/** One event for each side of a question. */
export function spokenBy({ answers }: Question): number[] {
  return [...answers.values()].flatMap((exchanges) => exchanges.slice(0, 1).map(({ n }) => n));
}

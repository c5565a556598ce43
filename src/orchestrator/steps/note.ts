/** Writes a sentence into the journal at its time: what a reader of the report is to know, or somebody at the table is to do now. */
import { z } from 'zod';
import { defineStepKind } from './step-kind.js';

const BY = 'the plan';

export const note = defineStepKind({
  name: 'note',
  summary: 'Write a sentence into the journal, beside what people say with `faultlab note`.',
  example: 'the on-call engineer is not told of this one',
  schema: () => z.string().trim().min(1).max(2_000).meta({ description: 'a sentence for the journal and the report' }),
  resolve: (text: string) => ({ params: { text }, summary: `note: ${text}`, takesMs: 0 }),
  carryOut: async ({ params: { text } }, { journal }) => {
    journal.append({ type: 'note', text, by: BY });
  },
});

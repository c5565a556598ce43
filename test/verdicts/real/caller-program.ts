/**
 * A defence in a process of its own: a small program that stands before its link. It takes requests on a port of its own, and says on standard
 * output, a JSON object a line, what its defence did and when, by the monotonic clock that all processes of a machine share.
 */
import { Pool } from 'undici';
import { z } from 'zod';
import { freePort, type Program, startListening } from './program.js';
import type { Ask } from './stage.js';

/** Where the programs are, from the repository's root, in which tests and benchmarks run. */
export const PROGRAMS = 'test/verdicts/real/programs';

const said = z.object({ says: z.string(), of: z.string(), atMs: z.number() });
export type Said = z.output<typeof said>;

export interface CallerProgram extends Program {
  port: number;
  ask: Ask;
}

interface Start {
  command: string;
  /** What it is told, its own port among it. */
  argsOf: (port: number) => readonly string[];
  onSaid: (said: Said) => void;
}

export async function startCaller({ command, argsOf, onSaid }: Start): Promise<CallerProgram> {
  const port = await freePort();
  const onLine = (line: string): void => {
    if (line.startsWith('{')) onSaid(said.parse(JSON.parse(line)));
  };
  const program = await startListening(command, { args: argsOf(port), port, onLine });
  const pool = new Pool(`http://127.0.0.1:${port}`, { connections: 64 });
  return {
    port,
    ask: async (token) => {
      const { statusCode, body } = await pool.request({ method: 'GET', path: `/pay/${token}`, headers: { 'x-request-id': token } });
      await body.dump();
      return statusCode < 500;
    },
    pause: program.pause,
    [Symbol.asyncDispose]: async () => {
      await pool.destroy();
      await program[Symbol.asyncDispose]();
    },
  };
}

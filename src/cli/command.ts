/** The shape of a CLI command: one file, one definition. `configure` adds options and the action to a commander command that already has name, summary and example. */
import type { Command } from 'commander';
import type { Clock } from '../core/clock.js';
import type { Home } from './home.js';
import type { Keyboard } from './keyboard.js';

/** What a command may touch of the outside. */
export interface CliContext {
  clock: Clock;
  version: string;
  /** `node` and the path of this program, to start it again as a child. */
  self: readonly string[];
  /** What this person's faultlab processes know of each other. */
  home: Home;
  /** Folder of the shipped sample programs. */
  labFolder: string;
  /** Folder of the page's built files. */
  pageFolder: string;
  /** One line to standard output. */
  say(line: string): void;
  /** One line to standard error. */
  warn(line: string): void;
  /** True if standard output is a terminal that shows colours. */
  colour: boolean;
  /** True if standard output is a terminal. */
  terminal: boolean;
  /** Columns of the terminal, which somebody may make wider or narrower meanwhile. */
  readonly width: number;
  /** Where a person sits and can be asked; undefined where nobody can. */
  keyboard?: Keyboard | undefined;
  /** The exit code to end with; the worst of several counts, by the caller's order. */
  exit(code: number): void;
  /** Aborts at SIGINT or SIGTERM with the signal's name. */
  interrupted: AbortSignal;
}

export interface CliCommand {
  readonly name: string;
  readonly summary: string;
  /** A line that can be pasted. */
  readonly example: string;
  /** Its flags may also be written as Go's programs take them. */
  readonly takesGoFlags?: true;
  configure(command: Command, context: CliContext): void;
}

/** Checks the shape where the command is written, and keeps its exact type. */
export function defineCommand<C extends CliCommand>(command: C): C {
  return command;
}

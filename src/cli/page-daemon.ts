/**
 * The daemon of `run --ui`: one for all runs of the command, so that the page is there before the first begins and stays when the last is over. It holds the
 * proxies as a run's own daemon would, unless agents of a fleet do, and like that one it outlives whoever is killed only until its links are clean and quiet.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { LabError } from '../core/errors.js';
import { listed } from '../core/suggest.js';
import type { Plan } from '../experiment/plan.js';
import { DaemonProcess } from '../orchestrator/services/daemon-process.js';
import type { CliContext } from './command.js';
import { aborted } from './serve-arguments.js';

export interface PageOptions {
  /** Folder of the run folders: the page tells of those, too. */
  out: string;
  connect?: string | undefined;
  json?: true;
}

export class PageDaemon implements AsyncDisposable {
  readonly url: string;
  readonly #process: DaemonProcess;

  private constructor(process: DaemonProcess) {
    this.#process = process;
    this.url = process.url;
  }

  /** Starts it and says where the page is. Throws USAGE for plans that cannot share one daemon, DAEMON_UNREACHABLE. */
  static async start(context: CliContext, plans: readonly Plan[], { out, connect, json }: PageOptions): Promise<PageDaemon> {
    const environment = sharedEnvironment(plans, connect);
    await mkdir(out, { recursive: true });
    const argv = [
      ...context.self,
      'serve',
      '--port',
      '0',
      '--ui',
      '--runs',
      out,
      '--json',
      '--end-with-parent',
      '--environment',
      environment,
    ];
    const page = new PageDaemon(await DaemonProcess.start(context.clock, { argv, logFile: join(out, 'page-daemon.log') }));
    if (!json) context.say(`dashboard: ${page.url}/ui/`);
    return page;
  }

  /** When all is over: until somebody at the terminal has seen enough. Where nobody sits it does not wait. */
  async stay({ terminal, interrupted, say }: CliContext, { json }: Pick<PageOptions, 'json'>): Promise<void> {
    if (!terminal || json || interrupted.aborted) return;
    say(`\nThe dashboard stays at ${this.url}/ui/ until Ctrl-C.`);
    await aborted(interrupted);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#process[Symbol.asyncDispose]();
  }
}

function sharedEnvironment(plans: readonly Plan[], connect: string | undefined): string {
  const usage = (problem: string) => new LabError('USAGE', { problem });
  if (connect !== undefined)
    throw usage('--ui starts a daemon of its own, --connect names another: start that one with `serve --ui`, and open its page');
  const foreign = plans.find(({ recorded }) => recorded.linksUnseen !== undefined);
  if (foreign !== undefined)
    throw usage(`--ui shows what crosses the links of a run, but of "${foreign.recorded.title}": ${foreign.recorded.linksUnseen}`);
  const environments = [...new Set(plans.map(({ recorded }) => recorded.environment))];
  const [environment = 'local', ...others] = environments;
  if (others.length > 0) throw usage(`--ui has one daemon for all runs, but they are for several environments: ${listed(environments)}`);
  return environment;
}

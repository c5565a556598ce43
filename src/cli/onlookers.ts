/**
 * Who follows a run besides the person who started it: webhooks, and a collector of traces. All of them hear the events of the journal as they are written, and none is
 * waited for before the run is over and healed.
 */
import { readFileSync } from 'node:fs';
import type { Plan } from '../experiment/plan.js';
import type { OtlpSender } from '../interchange/otlp/otlp-sender.js';
import { RunSpans } from '../interchange/otlp/run-spans.js';
import { Notices } from '../interchange/webhooks/notice.js';
import { type Receiver, receiverOfPlan, receiverOfText } from '../interchange/webhooks/receiver.js';
import { Webhook } from '../interchange/webhooks/webhook.js';
import type { JournalEvent } from '../journal/events.js';
import type { JournalWriter } from '../journal/writer.js';
import type { Report } from '../reports/reporter.js';
import type { CliContext } from './command.js';
import { tracesUrl } from './traces-url.js';

export interface OnlookerOptions {
  webhook?: readonly string[] | undefined;
  otlp?: string | undefined;
  /** Nothing is said but JSON lines. */
  json?: true | undefined;
}

type Env = Readonly<Record<string, string | undefined>>;

/** What is sent to a collector, and where that is. */
interface Tracing {
  host: string;
  spans: RunSpans;
  sender: OtlpSender;
}

export class Onlookers implements AsyncDisposable {
  readonly #context: CliContext;
  readonly #notices = new Notices();
  readonly #webhooks: readonly Webhook[];
  readonly #tracing: Tracing | undefined;
  readonly #isQuiet: boolean;
  #journal: JournalWriter | undefined;

  private constructor(
    context: CliContext,
    { receivers, tracing, isQuiet }: { receivers: readonly Receiver[]; tracing: Tracing | undefined; isQuiet: boolean },
  ) {
    this.#context = context;
    this.#tracing = tracing;
    this.#isQuiet = isQuiet;
    this.#webhooks = receivers.map(
      (receiver) => new Webhook(receiver, { clock: context.clock, onFailure: (said) => this.#failed(`webhook: ${said}`) }),
    );
  }

  /** Of a plan and of the command line; `env` counts where neither names a collector. Rejects with USAGE, before anything has started. */
  static async open(context: CliContext, { notify = [] }: Pick<Plan, 'notify'>, given: OnlookerOptions & { env: Env }): Promise<Onlookers> {
    const { env } = given;
    const receivers = [
      ...notify.map((receiver) => receiverOfPlan(receiver, { env })),
      ...(given.webhook ?? []).map((text) => receiverOfText(text, { env, readFile: (path) => readFileSync(path, 'utf8') })),
    ];
    return new Onlookers(context, { receivers, tracing: await openTracing(context, given), isQuiet: given.json === true });
  }

  /** From now on they hear of what is written there, and what fails of them is noted there. */
  follow(journal: JournalWriter): void {
    this.#journal = journal;
    journal.onEvent((event) => this.#heed(event));
  }

  /** The last that is told. */
  judged({ verdict, exit, findings }: Report): void {
    const notice = this.#notices.judged({ verdict, exit, findings });
    if (notice !== undefined) for (const webhook of this.#webhooks) webhook.tell(notice);
    this.#tracing?.sender.send(this.#tracing.spans.finish({ verdict, exitCode: exit.code, findings }));
  }

  /** Waits for what was not told yet, for a few seconds at most. Never rejects. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#webhooks.map((webhook) => webhook.close()), this.#closeTracing()]);
  }

  #heed(event: JournalEvent): void {
    this.#tracing?.sender.send(this.#tracing.spans.add(event));
    if (this.#webhooks.length === 0) return;
    const notice = this.#notices.heed(event);
    if (notice !== undefined) for (const webhook of this.#webhooks) webhook.tell(notice);
  }

  async #closeTracing(): Promise<void> {
    if (this.#tracing === undefined) return;
    const { sent, lost, failure } = await this.#tracing.sender.close();
    const { traceId } = this.#tracing.spans;
    if (sent > 0 && !this.#isQuiet) this.#context.say(`trace: ${traceId} at ${this.#tracing.host}`);
    if (lost > 0) this.#failed(`traces: ${this.#tracing.host} did not get ${lost} of ${sent + lost} spans: ${failure}`);
  }

  #failed(said: string): void {
    this.#journal?.append({ type: 'note', text: said, by: 'faultlab' });
    this.#context.warn(`faultlab: ${said}`);
  }
}

/** The library takes a while to load: only who asks for it waits. */
async function openTracing({ version }: CliContext, { otlp, env }: OnlookerOptions & { env: Env }): Promise<Tracing | undefined> {
  const url = tracesUrl(otlp, env);
  if (url === undefined) return undefined;
  const { OtlpSender } = await import('../interchange/otlp/otlp-sender.js');
  const service = env['OTEL_SERVICE_NAME'] || 'faultlab';
  return { host: new URL(url).host, spans: new RunSpans(), sender: new OtlpSender({ url, service, version }) };
}

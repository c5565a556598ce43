/**
 * One run: baseline → method → heal → settle, with the journal as its only product. Healing happens on every way out, signals
 * included, and is confirmed; whatever goes wrong is an outcome that is written down, never an exception that skips the healing.
 */
import { type Clock, every, sleep } from '../core/clock.js';
import { EXIT, LabError, reasonOf } from '../core/errors.js';
import type { Plan } from '../experiment/plan.js';
import type { JournalEvent, PhaseName, RecordedMachine, RunStatus, SteadyState } from '../journal/events.js';
import type { RunFolder } from '../journal/store.js';
import type { JournalWriter } from '../journal/writer.js';
import { healAndConfirm } from './heal.js';
import type { Leftover } from './leftovers.js';
import { carryOut } from './method.js';
import type { GateSwitch, Person } from './person.js';
import { ProbeRunner } from './probe-runner.js';
import { Rig, type RigPorts } from './rig.js';
import { letRunOut, takesBack } from './rollback.js';
import { SelfWords } from './self-words.js';
import type { StepPorts } from './steps/step-kind.js';
import { trippedCondition } from './stop-conditions/catalog.js';
import type { StopFacts } from './stop-conditions/stop-condition.js';
import { StopRequest } from './stop-request.js';

const WATCH_EVERY_MS = 200;

export interface RunOptions extends Omit<RigPorts, 'onFailure' | 'journal' | 'clock' | 'folder' | 'signal'> {
  clock: Clock;
  plan: Plan;
  folder: RunFolder;
  journal: JournalWriter;
  version: string;
  machine: RecordedMachine;
  leftovers: readonly Leftover[];
  /** Who has read the briefing of a game day and let it begin. */
  briefedBy?: string | undefined;
  /** Somebody at the terminal, who can be asked at gates. */
  person?: Person | undefined;
  /** Whoever has started it begins anew with the inputs that an answer to a gate has set. */
  beginsAgain?: true | undefined;
  /** Aborts when the operator wants the run to stop; its reason is the signal's name. */
  operator: AbortSignal;
}

export interface RunEnd {
  status: RunStatus;
  cleanup: 'confirmed' | 'dirty';
  /** What broke, when `status` is `error`. */
  error?: unknown;
}

/** Never rejects for what happens inside the run. */
export async function run(options: RunOptions): Promise<RunEnd> {
  const course = new Course(options);
  const end = await course.run();
  const { status, cleanup } = end;
  const reason = course.stopReason;
  options.journal.append({ type: 'runEnded', status, steadyState: course.steadyState, cleanup, ...(reason !== undefined && { reason }) });
  return end;
}

class Course {
  readonly #options: RunOptions;
  readonly #rig: Rig;
  readonly #stop = new AbortController();
  #phase: PhaseName = 'setup';
  #injected = false;
  /** Links that people put faults on. */
  readonly #handLinks = new Set<string>();
  steadyState: SteadyState = 'unchecked';

  constructor(options: RunOptions) {
    this.#options = options;
    this.#rig = new Rig({ ...options, signal: this.#stop.signal, onFailure: (error) => this.#fail(error) }, options.plan);
  }

  get stopReason(): string | undefined {
    return this.#stop.signal.aborted ? (this.#stop.signal.reason as StopRequest).message : undefined;
  }

  async run(): Promise<RunEnd> {
    const { operator, journal } = this.#options;
    const onOperator = (): void => this.#interrupt();
    if (operator.aborted) onOperator();
    else operator.addEventListener('abort', onOperator, { once: true });
    let cleanup: RunEnd['cleanup'] = 'confirmed';
    // From the beginning: people may put faults on as soon as there are links.
    journal.onEvent((event) => this.#heedHand(event));
    try {
      await this.#setUp();
      cleanup = await this.#experiment();
    } catch (error) {
      this.#fail(error);
      await this.#rig.byHand.close();
      if (this.#injected) cleanup = await this.#inPhase('heal', () => this.#heal());
    }
    operator.removeEventListener('abort', onOperator);
    const late = await this.#inPhase('teardown', () => this.#rig[Symbol.asyncDispose]()).then(
      () => undefined,
      (error: unknown) => this.#fail(error, { isLate: true }),
    );
    if (!this.#stop.signal.aborted) return { status: 'completed', cleanup };
    const stop = late ?? (this.#stop.signal.reason as StopRequest);
    return { status: stop.status, cleanup, ...(stop.status === 'error' && { error: stop.cause }) };
  }

  /** After it has returned everything is up and the load has warmed it. */
  async #setUp(): Promise<void> {
    const { journal, plan, folder, version, clock, leftovers, machine, briefedBy } = this.#options;
    const { epoch, version: daemonVersion } = await this.#rig.claim();
    await journal.appendDurably({
      type: 'runStarted',
      run: folder.run,
      epoch,
      version,
      wallMs: clock.wallMs(),
      plan: plan.recorded,
      machine,
      daemonVersion,
      ...(briefedBy !== undefined && { briefedBy }),
    });
    for (const leftover of leftovers) journal.append({ type: 'leftover', ...leftover });
    await this.#inPhase('setup', async () => {
      this.#stop.signal.throwIfAborted();
      await this.#rig.up(this.#stop.signal);
      await this.#rig.startLoad(this.#stop.signal);
      await sleep(clock, plan.load?.warmUpMs ?? 0, this.#stop.signal);
    });
  }

  /** Baseline, method, heal, settle. Heals whatever happens in the two before it. */
  async #experiment(): Promise<RunEnd['cleanup']> {
    const { clock, journal, plan } = this.#options;
    using probes = new ProbeRunner(
      {
        clock,
        note: (event) => journal.append(event),
        phase: () => this.#phase,
        probing: this.#rig.probing,
      },
      plan.probes,
    );
    journal.onEvent((event) => probes.heed(event));
    using _watch = this.#watch(probes);
    using _words = this.#selfWords();
    try {
      await this.#inPhase('baseline', () => this.#baseline(probes));
      if (this.#mayInject) await this.#inPhase('method', () => this.#method(probes));
    } catch (error) {
      this.#fail(error);
    }
    const cleanup = await this.#inPhase('heal', () => this.#heal());
    if (!this.#stop.signal.aborted && this.#mayInject) {
      await this.#inPhase('settle', () => this.#settle(probes)).catch((error: unknown) => this.#fail(error));
    }
    return cleanup;
  }

  /** Only where somebody plays with the system. */
  #selfWords(): Disposable {
    const { clock, journal, plan } = this.#options;
    const { addresses } = this.#rig.probing;
    return new SelfWords({ clock, note: (event) => journal.append(event), addresses }, plan.recorded);
  }

  /** What people put on beside the plan does harm like the plan's own, and is healed and confirmed like it. */
  #heedHand(event: JournalEvent): void {
    if (event.type !== 'handFault' || (event.change !== 'applied' && event.change !== 'intended')) return;
    this.#injected = true;
    for (const link of event.links) this.#handLinks.add(link);
    if (this.#phase === 'method') this.#rig.traffic.countHarm();
  }

  /** Nothing is done to a system that was not well, or of which nobody could tell. */
  get #mayInject(): boolean {
    return this.steadyState === 'met' || this.steadyState === 'unchecked';
  }

  async #baseline(probes: ProbeRunner): Promise<void> {
    const { clock, plan } = this.#options;
    probes.watch();
    await sleep(clock, plan.baselineMs, this.#stop.signal);
    this.#rig.traffic.keepBaseline(plan.baselineMs);
    if (plan.probes.length === 0) return;
    this.steadyState = await probes.gate(['start', 'edge', 'continuous'], this.#stop.signal);
  }

  async #method(probes: ProbeRunner): Promise<void> {
    const { clock, journal, plan, folder, person } = this.#options;
    const onInject = (): void => {
      this.#injected = true;
      this.#rig.traffic.countHarm();
    };
    const { roles } = this.#rig;
    await roles.freeze(this.#stop.signal);
    const bind: StepPorts['bind'] = (step, fault, signal) => roles.bind(step, fault, signal);
    const { driver, faults, pump } = this.#rig;
    const ask: StepPorts['ask'] = (probe, signal) => probes.holds(probe, signal);
    const steered = { load: () => this.#rig.load, mark: () => this.#rig.mark(), run: folder.run, onInject, person, sets: this.#switches };
    const snapshot: StepPorts['snapshot'] = (instances, signal) => this.#rig.snapshot(instances, signal);
    await carryOut({ clock, journal, bind, driver, faults, pump, ask, snapshot, ...steered }, plan, this.#stop.signal);
  }

  get #switches(): readonly GateSwitch[] {
    const { plan, beginsAgain } = this.#options;
    if (!beginsAgain) return [];
    return (plan.recorded.play?.defences ?? []).map(({ input, values }) => ({ input, values }));
  }

  /** Total, and never throws: what could not be confirmed is `dirty`. */
  async #heal(): Promise<RunEnd['cleanup']> {
    const { clock, journal, plan } = this.#options;
    const startedMs = clock.nowMs();
    await this.#rig.byHand.close();
    await this.#leave();
    const links = new Set([...this.#handLinks, ...plan.steps.flatMap(({ fault }) => fault?.links ?? [])]);
    const addresses = this.#injected ? [...links].flatMap((link) => this.#rig.linkAddress(link) ?? []) : [];
    try {
      await healAndConfirm(clock, this.#rig.faults, addresses);
      journal.append({ type: 'healConfirmed', tookMs: clock.nowMs() - startedMs });
      return 'confirmed';
    } catch (error) {
      journal.append({ type: 'healFailed', reason: reasonOf(error) });
      return this.#injected ? 'dirty' : 'confirmed';
    }
  }

  /** Where the plan says so, faults are not taken back: they run out first. */
  async #leave(): Promise<void> {
    const { clock, journal, plan } = this.#options;
    const status = this.#stop.signal.aborted ? (this.#stop.signal.reason as StopRequest).status : 'completed';
    if (!this.#injected || takesBack(plan.rollback.strategy, { status, steadyState: this.steadyState })) return;
    journal.append({ type: 'note', text: `rollback: ${plan.rollback.strategy}: what is still on is left to its lease` });
    this.#rig.stopRenewing();
    await letRunOut(clock, this.#rig.faults, plan);
  }

  async #settle(probes: ProbeRunner): Promise<void> {
    const { clock, plan } = this.#options;
    await sleep(clock, plan.settleMs, this.#stop.signal);
    await probes.gate(['end', 'edge', 'continuous'], this.#stop.signal);
    await this.#rig.stopLoad();
  }

  /** Looks after the run while it goes on: stop conditions, and a journal that cannot be written any more. */
  #watch(probes: ProbeRunner): Disposable {
    const { clock, journal, plan } = this.#options;
    const timer = every(clock, WATCH_EVERY_MS, () => {
      if (journal.failure !== undefined) this.#fail(journal.failure);
      if (this.#phase !== 'method' || this.#stop.signal.aborted) return;
      const { traffic } = this.#rig;
      const { harmed, baselinePerSecond } = traffic;
      const facts: StopFacts = {
        nowMs: clock.nowMs(),
        harmed,
        baselinePerSecond,
        streak: (name) => probes.streak(name),
        recent: (target, windowMs) => traffic.recent(target, windowMs),
      };
      const tripped = trippedCondition(plan.stopConditions, facts);
      if (tripped === undefined) return;
      journal.append({ type: 'stopTripped', ...tripped });
      this.#stop.abort(new StopRequest('stopped', `stop condition: ${tripped.condition} (${tripped.detail})`));
    });
    return { [Symbol.dispose]: () => timer.cancel() };
  }

  #interrupt(): void {
    const name = String(this.#options.operator.reason);
    this.#options.journal.append({ type: 'signal', name });
    this.#stop.abort(new StopRequest('interrupted', `${name} from the operator`));
  }

  /** The first failure counts; what follows does not. A halt or a deadline is a stop, no error. What is not taken down (`isLate`) outranks a stop: it comes back. */
  #fail(error: unknown, { isLate = false }: { isLate?: boolean } = {}): StopRequest | undefined {
    const before = this.#stop.signal.aborted ? (this.#stop.signal.reason as StopRequest) : undefined;
    if (before !== undefined && (!isLate || before.status === 'error' || error === before)) return undefined;
    // From the first fault on it may be the fault's doing: that is what the run is to find out, and no reason to end it.
    if (this.#injected && error instanceof LabError && error.code === 'SERVICE_ENDED') {
      this.#options.journal.append({ type: 'note', text: `${error.message}; the run goes on, for a fault came before` });
      return undefined;
    }
    const isStop = error instanceof LabError && error.exit === EXIT.stopped;
    const code = error instanceof LabError ? error.code : 'INTERNAL';
    this.#options.journal.append({ type: 'errorRaised', code, message: reasonOf(error) });
    const request = new StopRequest(isStop ? 'stopped' : 'error', reasonOf(error), error);
    this.#stop.abort(request);
    return before === undefined || isStop ? undefined : request;
  }

  async #inPhase<T>(phase: PhaseName, act: () => Promise<T>): Promise<T> {
    const { journal } = this.#options;
    this.#phase = phase;
    journal.append({ type: 'phaseStarted', phase });
    try {
      return await act();
    } finally {
      journal.append({ type: 'phaseEnded', phase });
    }
  }
}

/** Whatever order calls, completions and refusals come in, a native wire says once that it is gone, and never from within a call. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { NativeHandle, NativeOwner, NativeRequest, NativeStreams } from '../../../src/dataplane/wire/native-handle.js';
import { NativeWire } from '../../../src/dataplane/wire/native-wire.js';
import { seed } from '../../support/seed.js';

const END_OF_FILE = -4095;
const REFUSED = -22;

/** What the kernel, libuv and Node do with one socket, one thing at a time, when the test says so. */
class Kernel implements NativeHandle {
  readonly pending: (() => void)[] = [];
  onread: (this: NativeHandle) => undefined = () => undefined;
  owner?: NativeOwner;
  isReading = false;
  closes = 0;
  shutdowns = 0;
  /** Calls of ours that Node would end the process or lose the socket for. */
  readonly broken: string[] = [];
  #isShuttingDown = false;
  readonly #how: { refusesReset: boolean; forgetsReset: boolean };

  constructor(how: { refusesReset: boolean; forgetsReset: boolean }) {
    this.#how = how;
  }

  useUserBuffer(): void {}

  readStart(): number {
    this.isReading = true;
    return 0;
  }

  readStop(): number {
    this.isReading = false;
    return 0;
  }

  writeBuffer(): number {
    return 0;
  }

  shutdown(request: NativeRequest): number {
    if (this.closes > 0) return REFUSED;
    this.#isShuttingDown = true;
    this.shutdowns += 1;
    this.pending.push(() => {
      this.#isShuttingDown = false;
      request.oncomplete(this.closes > 0 ? REFUSED : 0);
    });
    return 0;
  }

  close(done: () => void): void {
    this.closes += 1;
    this.pending.push(done);
  }

  reset(done: () => void): number {
    if (this.#isShuttingDown) this.broken.push('reset during a shutdown');
    this.closes += 1;
    if (this.#how.refusesReset) return REFUSED;
    if (!this.#how.forgetsReset) this.pending.push(done);
    return 0;
  }

  reads(what: number): void {
    if (this.isReading && this.closes === 0) this.owner?.received(what);
  }
}

/** Writes that the test completes, and an order of completions that is its own. */
function streamsOver(kernel: Kernel, writesWait: boolean): NativeStreams {
  return {
    endOfFile: END_OF_FILE,
    onread: () => undefined,
    write: () => {
      if (!writesWait) return 0;
      const request: NativeRequest = { oncomplete: () => {} };
      kernel.pending.push(() => request.oncomplete(kernel.closes > 0 ? REFUSED : 0));
      return request;
    },
    shutdown: (handle, done) => {
      const status = handle.shutdown({ oncomplete: done });
      if (status !== 0) kernel.pending.push(() => done(status));
    },
    dial: () => kernel,
  };
}

const STEPS = [
  'write',
  'end',
  'close',
  'reset',
  'destroy',
  'pause',
  'resume',
  'peer ends',
  'peer resets',
  'one completes',
  'last completes',
] as const;
type Step = (typeof STEPS)[number];

function perform(step: Step, wire: NativeWire, kernel: Kernel): void {
  if (step === 'write') wire.write(Buffer.from('x'));
  else if (step === 'peer ends') kernel.reads(END_OF_FILE);
  else if (step === 'peer resets') kernel.reads(-104);
  else if (step === 'one completes') kernel.pending.shift()?.();
  else if (step === 'last completes') kernel.pending.pop()?.();
  else wire[step]();
}

interface Case {
  steps: readonly Step[];
  last: 'reset' | 'destroy';
  isDialled: boolean;
  writesWait: boolean;
  refusesReset: boolean;
}

const cases: fc.Arbitrary<Case> = fc.record({
  steps: fc.array(fc.constantFrom(...STEPS), { maxLength: 12 }),
  last: fc.constantFrom('reset', 'destroy'),
  isDialled: fc.boolean(),
  writesWait: fc.boolean(),
  refusesReset: fc.boolean(),
});

/** What is wrong with one order of things. */
async function wrongs({ steps, last, isDialled, writesWait, refusesReset }: Case, forgetsReset = false): Promise<readonly string[]> {
  const kernel = new Kernel({ refusesReset, forgetsReset });
  let isWithin = false;
  let closes = 0;
  const found: string[] = kernel.broken;
  const handlers = {
    data: () => {},
    end: () => {},
    drain: () => {},
    close: () => {
      closes += 1;
      if (isWithin) found.push('told from within a call');
    },
  };
  const wire = new NativeWire(handlers, isDialled ? undefined : kernel, streamsOver(kernel, writesWait));
  if (isDialled) wire.dialledBy({ dialling: { cancel: () => {} } });
  for (const [at, step] of [...steps, last].entries()) {
    if (isDialled && at === 2 && closes === 0) wire.answered(kernel);
    isWithin = !step.endsWith('completes');
    perform(step, wire, kernel);
    isWithin = false;
    await Promise.resolve();
    if (isDialled && closes > 0) break;
  }
  for (let done = kernel.pending.shift(); done !== undefined; done = kernel.pending.shift()) done();
  await new Promise(setImmediate);
  if (closes !== 1) found.push(`told ${closes} times`);
  if (kernel.closes > 1) found.push('closed twice');
  if (kernel.shutdowns > 1) found.push('half-closed twice');
  return found;
}

describe('a native wire', () => {
  it('that is ended says once that it is gone, in every order of things', async () => {
    const property = fc.asyncProperty(cases, async (order) => {
      expect(await wrongs(order)).toEqual([]);
    });
    await fc.assert(property, { seed, numRuns: 10_000 });
  });

  it('that would not say so is found', async () => {
    const details = await fc.check(
      fc.asyncProperty(cases, async (order) => {
        expect(await wrongs(order, true)).toEqual([]);
      }),
      { seed, numRuns: 10_000 },
    );
    expect(details.counterexample).not.toBeNull();
  });

  it('resets only when the half-close that is under way is over', async () => {
    const order: Case = {
      steps: ['end', 'reset', 'one completes'],
      last: 'reset',
      isDialled: false,
      writesWait: false,
      refusesReset: false,
    };
    expect(await wrongs(order)).toEqual([]);
  });
});

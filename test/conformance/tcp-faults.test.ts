import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { faults } from '../../src/dataplane/faults/catalog.js';
import { type CompoundFault, defineTcpFault, type TcpFault, type TcpSignal, type TcpTransform } from '../../src/dataplane/faults/fault.js';
import { type Contract, type CreatePipeline, tcpFaultContracts } from '../support/tcp-fault-contracts.js';

const SEEDS = 150;
const base = Number(process.env['FAULTLAB_TEST_SEED'] ?? 0);

/** Runs a contract for many seeds in both directions; a failure says which. */
function checkAll(fault: TcpFault | CompoundFault, contract: Contract, createPipeline?: CreatePipeline): void {
  for (const direction of ['up', 'down'] as const)
    for (let seed = base; seed < base + SEEDS; seed++) {
      try {
        contract.check(fault, { seed, direction, ...(createPipeline && { createPipeline }) });
      } catch (cause) {
        throw new Error(`${fault.name} ${direction}, FAULTLAB_TEST_SEED=${seed}: ${String(cause)}`, { cause });
      }
    }
}

const tcpFaults = faults.all.filter((fault): fault is TcpFault | CompoundFault => fault.protocol === 'tcp');

test('there are faults to look at', () => {
  expect(tcpFaults.map((fault) => fault.name)).toEqual(expect.arrayContaining(['blackhole', 'latency', 'reset']));
});

describe.each(tcpFaults)('$name', (fault) => {
  test.each(tcpFaultContracts)('$title', (contract) => checkAll(fault, contract));
});

/** What a fault must not have: a memory outside of `open`. */
let chunksEver = 0;

/** Each of these breaks one promise, and must be found out by the contract that guards it. */
const KNOWN_BAD: readonly { title: string; caughtBy: string; fault: TcpFault }[] = [
  {
    title: 'drops a chunk in the middle',
    caughtBy: 'what comes out is a prefix of what went in, in order, at any time',
    fault: bad(() => {
      let n = 0;
      return (signal, effects) => {
        n += 1;
        if (signal.kind !== 'data' || n !== 5) effects.pass(n);
      };
    }),
  },
  {
    title: 'drops the last chunk',
    caughtBy: 'removal releases what is held at once, in order, and loses nothing',
    fault: bad(() => (signal, effects) => {
      if (signal.kind !== 'data' || !signal.bytes.includes('7')) effects.pass(Number.POSITIVE_INFINITY);
    }),
  },
  {
    title: 'keeps a state that outlives the connection',
    caughtBy: 'the same seed and signals give the same effects',
    fault: bad(() => (_signal, effects) => {
      chunksEver += 1;
      effects.pass(chunksEver);
    }),
  },
  {
    title: 'takes whatever it is given',
    caughtBy: 'parameters that make no sense are refused',
    fault: { ...bad(() => (_signal, effects) => effects.pass()), schema: z.object({ amount: z.number() }), example: { amount: 1 } },
  },
];

function bad(open: TcpFault['open']): TcpFault {
  return defineTcpFault({
    name: 'bad',
    summary: 'Break a promise.',
    schema: z.strictObject({}),
    example: {},
    defaultDirection: 'both',
    alters: false,
    actsAtOnce: false,
    open,
  });
}

function contractCalled(title: string): Contract {
  const contract = tcpFaultContracts.find((c) => c.title === title);
  if (contract === undefined) throw new Error(`no contract is called "${title}"`);
  return contract;
}

describe('negative control: a fault that', () => {
  test.each(KNOWN_BAD)('$title is found out', ({ fault, caughtBy }) => {
    expect(() => checkAll(fault, contractCalled(caughtBy))).toThrow();
  });
});

/** The pipeline that everybody writes first: a timer for each chunk, trusted to fire in time and in order, and never cancelled. */
const carelessPipeline: CreatePipeline = ({ clock, sink }) => {
  let transform: TcpTransform = (_signal, effects) => effects.pass();
  const pass = (signal: TcpSignal): void => {
    if (signal.kind === 'open') sink.open();
    if (signal.kind === 'data') sink.data(signal.bytes);
    if (signal.kind === 'end') sink.end();
  };
  const take = (signal: TcpSignal): void =>
    transform(signal, {
      nowMs: clock.nowMs(),
      heldBytes: 0,
      release: () => {},
      close: (delayMs = 0) => clock.after(delayMs, () => sink.close()),
      pass: (delayMs = 0) => Number.isFinite(delayMs) && clock.after(delayMs, () => pass(signal)),
      passBytes: (bytes, delayMs = 0) => clock.after(delayMs, () => sink.data(bytes)),
      end: (delayMs = 0) => clock.after(delayMs, () => sink.end()),
      reset: () => sink.reset(),
      tickIn: (delayMs) => clock.after(delayMs, () => take({ kind: 'tick' })),
    });
  return {
    heldBytes: 0,
    push: take,
    close: () => {},
    setStages: ([first]) => {
      transform = first?.open({}) ?? transform;
    },
  };
};

describe('negative control: a pipeline with a timer for each chunk', () => {
  const [latency] = tcpFaults.filter((fault) => fault.name === 'latency');

  test.each([
    'what comes out is a prefix of what went in, in order, at any time',
    'removal releases what is held at once, in order, and loses nothing',
    'no timer is alive after the end, a reset or a close',
  ])('breaks the contract: %s', (title) => {
    expect(latency).toBeDefined();
    if (latency)
      expect(() => checkAll(latency, contractCalled(title), carelessPipeline)).toThrow(title.startsWith('no timer') ? /timer/ : /./);
  });
});

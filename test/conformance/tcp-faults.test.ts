import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { hostClock } from '../../src/core/clock.js';
import { Daemon } from '../../src/dataplane/daemon.js';
import { faults } from '../../src/dataplane/faults/catalog.js';
import { type CompoundFault, defineTcpFault, type TcpFault, type TcpSignal, type TcpTransform } from '../../src/dataplane/faults/fault.js';
import { faultSpecSchema } from '../../src/dataplane/faults/spec.js';
import { proxySpecSchema } from '../../src/dataplane/proxy.js';
import { closeCode, dial, echo, pattern, readToEnd, until, wait } from '../support/tcp.js';
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

describe('whoever a fault does not cover', () => {
  const sent = pattern(300_000);

  /** All of them, and the half-close, come back through a proxy that echoes. */
  async function echoes(listen: string): Promise<boolean> {
    const client = dial(Number(listen.split(':').at(-1)));
    const received = readToEnd(client);
    client.end(sent);
    return (await received).equals(sent);
  }

  /** A port that nobody listened on is open again a moment later. */
  async function untilReachable(listen: string): Promise<void> {
    while ((await closeCode(dial(Number(listen.split(':').at(-1))).end())) !== undefined) await wait(5);
  }

  const uncovered: readonly [string, object][] = [
    ['a percentage of 0', { percentage: 0 }],
    ['another source', { source: '10.0.0.0/8' }],
    ['connections that exist', { connections: 'existing' }],
    ['a place in a count that is far away', { nth: 1e9 }],
    ['a ramp that has not begun', { ramp: { from: 0, to: 100, step: 1, every: '600s' } }],
  ];

  test.each(tcpFaults)('$name leaves alone, by each key of its envelope, and everybody when it is over', async (fault) => {
    await using daemon = new Daemon({ clock: hostClock, environment: 'test' });
    await using server = await echo();
    const { listen } = await daemon.createProxy(proxySpecSchema.parse({ name: 'p', upstream: `127.0.0.1:${server.port}` }));
    const specs = uncovered.map(([id, keys]) =>
      faultSpecSchema.parse({ id, type: fault.name, proxies: ['p'], direction: 'both', value: fault.example, ...keys }),
    );
    daemon.inject({ run: 'test', faults: specs });
    expect(await echoes(listen)).toBe(true);
    expect(daemon.faults().map(({ applied }) => applied)).toEqual(uncovered.map(() => 0));
    daemon.heal();
    const short = { id: 'short', type: fault.name, proxies: ['p'], direction: 'both', value: fault.example, duration: '30ms' };
    daemon.inject({ run: 'test', faults: [faultSpecSchema.parse(short)] });
    await until('it is over', () => daemon.faults().length === 0);
    await untilReachable(listen);
    expect(await echoes(listen)).toBe(true);
    expect(daemon.proxy('p')).toMatchObject({ heldBytes: 0 });
  });
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

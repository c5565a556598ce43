/** What both sides see, to the byte, of messages that faults edit on their way through a link. */
import { describe, expect, it } from 'vitest';
import { hostClock } from '../../../src/core/clock.js';
import type { ActiveFault } from '../../../src/dataplane/faults/active-fault.js';
import type { HeadEdit, HttpDecision, TcpTransform } from '../../../src/dataplane/faults/fault.js';
import { get, type HttpProxyUnderTest, httpProxyTo, type RawUpstream, rawUpstream, Transcript } from '../../support/http.js';
import { messageFault, streamEdit, wholeEdit } from '../../support/http-fault.js';
import { activeFault, until, wait } from '../../support/tcp.js';

const OK = 'HTTP/1.1 200 OK\r\nX-Odd:  1\r\nContent-Length: 5\r\n\r\nhello';
const IN_CHUNKS = 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 5\r\n\r\n';
const PUT = 'PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: 5\r\n\r\nhello';
const PUT_IN_CHUNKS = 'PUT / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nX-Sum: 5\r\n\r\n';

const double = (bytes: Buffer): Buffer => Buffer.concat([bytes, bytes]);
const upper = (bytes: Buffer): Buffer => Buffer.from(bytes.toString('latin1').toUpperCase(), 'latin1');

/** Answers each GET and PUT with the next of these. */
function scripted(...answers: readonly string[]): Promise<RawUpstream> {
  let answered = 0;
  return rawUpstream((transcript) => {
    transcript.socket.on('data', (bytes: Buffer) => {
      const asked = bytes.toString('latin1').split(/(?:GET|PUT|HEAD|POST) \//).length - 1;
      for (let n = 0; n < asked; n++) transcript.socket.write(Buffer.from(answers[answered++ % answers.length] ?? '', 'latin1'));
    });
    transcript.socket.on('end', () => transcript.socket.end());
  });
}

interface Told {
  caller: Transcript;
  upstream: RawUpstream;
  link: HttpProxyUnderTest;
}

/** Sends `asked` through a link with these faults in front of a callee that answers so, and hands over what there is when the caller has `enough`. */
async function through(
  faults: readonly ActiveFault[],
  { asked, answers, enough }: { asked: string; answers: readonly string[]; enough: (text: string) => boolean },
  look: (told: Told) => Promise<void> | void,
): Promise<void> {
  await using upstream = await scripted(...answers);
  await using link = await httpProxyTo(upstream.port);
  link.proxy.setFaults(faults);
  const caller = new Transcript(link.dial());
  caller.socket.write(Buffer.from(asked, 'latin1'));
  await caller.until('enough', enough);
  await look({ caller, upstream, link });
}

const down = (decision: HttpDecision) => [messageFault('down', () => decision)];
const up = (decision: HttpDecision) => [messageFault('up', () => decision)];
const unreadable = (edit: HeadEdit): HttpDecision => ({
  kind: 'edit',
  head: edit,
  body: { kind: 'whole', bytesMax: 1024, rewrite: () => undefined },
});
const head = (edit: Extract<HttpDecision, { kind: 'edit' }>['head']): HttpDecision => ({ kind: 'edit', ...(edit && { head: edit }) });

describe('an edited answer', () => {
  const cases: readonly [what: string, decision: HttpDecision, answer: string, seen: string][] = [
    ['with a new field', head({ set: { a: 'b' } }), OK, OK.replace('\r\n\r\n', '\r\na: b\r\n\r\n')],
    ['in chunks, with a new status', head({ status: 503 }), IN_CHUNKS, IN_CHUNKS.replace('200 OK', '503 Service Unavailable')],
    ['that an edit would spoil', head({ set: { a: 'b\r\n' } }), OK, OK],
    ['of another length', streamEdit(10, double), OK, OK.replace(': 5', ': 10').replace('hello', 'hellohello')],
    [
      'of a length that nobody knows',
      streamEdit('unknown', double),
      OK,
      'HTTP/1.1 200 OK\r\nX-Odd:  1\r\ntransfer-encoding: chunked\r\n\r\na\r\nhellohello\r\n0\r\n\r\n',
    ],
    [
      'in chunks, of the same length',
      streamEdit('same', upper),
      IN_CHUNKS,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nHE\r\n3\r\nLLO\r\n0\r\nX-Sum: 5\r\n\r\n',
    ],
    ['in chunks no more', streamEdit(3), IN_CHUNKS, 'HTTP/1.1 200 OK\r\ncontent-length: 3\r\n\r\nhel'],
    ['as a whole', wholeEdit((text) => `${text}!`), OK, OK.replace(': 5', ': 6').replace('hello', 'hello!')],
    [
      'as a whole, with its head',
      wholeEdit((text) => text, { head: { status: 201, set: { a: 'b' } } }),
      OK,
      OK.replace('200 OK', '201 Created').replace('\r\n\r\n', '\r\na: b\r\n\r\n'),
    ],
    [
      'as a whole, in chunks',
      wholeEdit((text) => `${text}!`),
      IN_CHUNKS,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello!\r\n0\r\nX-Sum: 5\r\n\r\n',
    ],
    ['as a whole, which it is too large for', wholeEdit(() => 'lost', { bytesMax: 4 }), OK, OK],
    [
      'as a whole, which its chunks are too large for',
      wholeEdit(() => 'lost', { bytesMax: 4 }),
      IN_CHUNKS,
      'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\nX-Sum: 5\r\n\r\n',
    ],
    [
      'without a body, whose status allows none',
      streamEdit('unknown', double),
      'HTTP/1.1 204 No Content\r\n\r\n',
      'HTTP/1.1 204 No Content\r\n\r\n',
    ],
    [
      'that gets a body',
      wholeEdit(() => 'new'),
      'HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n',
      'HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nnew',
    ],
  ];
  it.each(cases)('%s is what the caller sees, and the next one begins behind it', async (_what, decision, answer, seen) => {
    const faults = [messageFault('down', ({ request }) => (request.target === '/1' ? decision : { kind: 'continue' }))];
    const answers = [answer, OK];
    await through(
      faults,
      { asked: get('/1') + get('/2'), answers, enough: (text) => text.endsWith(OK) && text !== OK },
      ({ caller, link }) => {
        expect(caller.text).toBe(seen + OK);
        expect(link.exchanges.map(({ end, bytesDown }) => [end, bytesDown])).toEqual([
          ['complete', seen === answer ? answer.length : seen.length],
          ['complete', OK.length],
        ]);
      },
    );
  });

  it('is recorded as the caller saw it', async () => {
    await through(down(head({ status: 418 })), { asked: get(), answers: [OK], enough: (text) => text.endsWith('hello') }, ({ link }) => {
      expect(link.exchanges).toMatchObject([{ status: 418, applied: ['test'] }]);
    });
  });

  it('does not end before it begins, though it is rewritten after its last byte came', async () => {
    const slow = wholeEdit((text) => {
      for (const untilMs = hostClock.nowMs() + 20; hostClock.nowMs() < untilMs; );
      return `${text}!`;
    });
    await through(down(slow), { asked: get(), answers: [OK], enough: (text) => text.endsWith('!') }, ({ link }) => {
      const [exchange] = link.exchanges;
      expect(exchange?.endMs).toBeGreaterThanOrEqual(exchange?.responseStartMs ?? Number.NaN);
    });
  });

  it.each<[string, HttpDecision]>([
    ['is larger than the edit wants it', wholeEdit(() => 'lost', { bytesMax: 4, head: { set: { 'x-a': 'b' } } })],
    ['the edit cannot read', unreadable({ set: { 'x-a': 'b' } })],
    ['the edit leaves as it is', wholeEdit((text) => text)],
    ['has only its head edited, and that not', head({ set: {}, remove: [] })],
    ['the fault leaves alone', { kind: 'continue' }],
  ])('that %s goes on as it came, and counts as skipped', async (_, decision) => {
    const fault = messageFault('down', () => decision);
    await through([fault], { asked: get(), answers: [OK], enough: (text) => text.endsWith('hello') }, ({ caller, link }) => {
      expect(caller.text).toBe(OK);
      expect(link.exchanges[0]).toMatchObject({ matched: ['test'], skipped: [{ fault: 'test', why: 'impossible' }] });
      expect(link.exchanges[0]).not.toHaveProperty('applied');
      expect(fault.counts).toMatchObject({ matched: 1, applied: 0, skipped: 1 });
    });
  });

  it('follows several faults, each on what the one before has left', async () => {
    const faults = [
      messageFault('down', () => wholeEdit((text) => `${text}2`), { id: 'two', order: 2 }),
      messageFault('down', () => wholeEdit((text) => `${text}1`), { id: 'one', order: 1 }),
      messageFault('down', () => streamEdit('same', upper), { id: 'loud', order: 3 }),
      messageFault('down', () => head({ set: { a: '1' } }), { id: 'head', order: 4 }),
    ];
    await through(faults, { asked: get(), answers: [OK], enough: (text) => text.endsWith('12') }, ({ caller }) => {
      expect(caller.text).toBe('HTTP/1.1 200 OK\r\nX-Odd:  1\r\nContent-Length: 7\r\na: 1\r\n\r\nHELLO12');
    });
  });

  it('goes to a caller of HTTP/1.0 until the end of the connection, if nobody knows its length', async () => {
    const asked = 'GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n';
    await through(
      down(streamEdit('unknown', double)),
      { asked, answers: [OK], enough: (text) => text.endsWith('hellohello') },
      async ({ caller, link }) => {
        expect(await caller.end()).toBe('HTTP/1.1 200 OK\r\nX-Odd:  1\r\nconnection: close\r\n\r\nhellohello');
        expect(link.exchanges).toMatchObject([{ end: 'complete' }]);
      },
    );
  });

  it('that lasts until the end of the connection still does', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.end('HTTP/1.0 200 OK\r\n\r\nhello')));
    await using link = await httpProxyTo(upstream.port);
    for (const [decision, seen] of [
      [streamEdit('same', upper), 'HTTP/1.0 200 OK\r\n\r\nHELLO'],
      [wholeEdit((text) => `${text}!`), 'HTTP/1.0 200 OK\r\n\r\nhello!'],
      [streamEdit(3), 'HTTP/1.0 200 OK\r\ncontent-length: 3\r\n\r\nhel'],
    ] as const) {
      link.proxy.setFaults(down(decision));
      const caller = new Transcript(link.dial());
      caller.socket.write(get());
      expect(await caller.end()).toBe(seen);
    }
    await until('all are recorded', () => link.exchanges.length === 3);
    expect(link.exchanges.map(({ end }) => end)).toEqual(['complete', 'complete', 'complete']);
  });

  it('that promises more than comes ends with the connection, and says so', async () => {
    const less = streamEdit('same', (bytes) => bytes.subarray(2));
    await through(
      down(less),
      { asked: get() + get('/2'), answers: [OK], enough: (text) => text.endsWith('llo') },
      async ({ caller, link }) => {
        expect(await caller.end()).toBe(OK.replace('hello', 'llo'));
        expect(link.exchanges.map(({ end }) => end)).toEqual(['faultReset', 'upstreamClosed']);
      },
    );
  });

  it('that promises less than comes is cut off there, and the rest of it dropped', async () => {
    const long = `HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n${'x'.repeat(300_000)}`;
    const fault = messageFault('down', ({ request }) => (request.target === '/1' ? streamEdit(3) : { kind: 'continue' }));
    await through(
      [fault],
      { asked: get('/1') + get('/2'), answers: [long, OK], enough: (text) => text.endsWith('hello') },
      ({ caller }) => {
        expect(caller.text).toBe(`HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nxxx${OK}`);
      },
    );
  });

  it('that promises less than a callee without end has to say costs the connection', async () => {
    const endless = `HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n${`10000\r\n${'x'.repeat(65_536)}\r\n`.repeat(20)}`;
    await through(
      down(streamEdit(3)),
      { asked: get(), answers: [endless], enough: (text) => text.endsWith('xxx') },
      async ({ caller, link }) => {
        await caller.end();
        expect(link.exchanges).toMatchObject([{ end: 'complete', status: 200 }]);
      },
    );
  });

  it('breaks off where the callee does', async () => {
    await using upstream = await rawUpstream(({ socket }) =>
      socket.once('data', () => socket.end('HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf')),
    );
    await using link = await httpProxyTo(upstream.port);
    for (const [decision, seen] of [
      [streamEdit('same', upper), 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nHALF'],
      [streamEdit('unknown'), 'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n4\r\nhalf\r\n'],
      [wholeEdit(() => 'lost'), 'HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf'],
    ] as const) {
      link.proxy.setFaults(down(decision));
      const caller = new Transcript(link.dial());
      caller.socket.write(get());
      expect(await caller.end()).toBe(seen);
    }
    expect(link.exchanges.map(({ end }) => end)).toEqual(['upstreamClosed', 'upstreamClosed', 'upstreamClosed']);
  });
});

describe('an edited request', () => {
  const cases: readonly [what: string, decision: HttpDecision, asked: string, seen: string][] = [
    ['with another line', head({ method: 'POST', target: '/x' }), PUT, PUT.replace('PUT /', 'POST /x')],
    [
      'in chunks, without a field',
      head({ remove: ['x-none'], set: { 'x-a': 'b' } }),
      PUT_IN_CHUNKS,
      PUT_IN_CHUNKS.replace('\r\n\r\n', '\r\nx-a: b\r\n\r\n'),
    ],
    ['of another length', streamEdit(10, double), PUT, PUT.replace(': 5', ': 10').replace('hello', 'hellohello')],
    [
      'of a length that nobody knows',
      streamEdit('unknown', upper),
      PUT,
      'PUT / HTTP/1.1\r\nHost: b\r\ntransfer-encoding: chunked\r\n\r\n5\r\nHELLO\r\n0\r\n\r\n',
    ],
    [
      'as a whole, in chunks',
      wholeEdit((text) => text.toUpperCase()),
      PUT_IN_CHUNKS,
      'PUT / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nHELLO\r\n0\r\nX-Sum: 5\r\n\r\n',
    ],
    ['that gets a body', wholeEdit(() => 'new'), get(), 'GET / HTTP/1.1\r\nHost: b\r\ncontent-length: 3\r\n\r\nnew'],
    ['that has none, and gets none', wholeEdit((text) => text), get(), get()],
    ['without a body to be streamed', streamEdit('unknown', double), get(), get()],
  ];
  it.each(cases)('%s is what the callee gets, and the next one begins behind it', async (_what, decision, asked, seen) => {
    let count = 0;
    const faults = [messageFault('up', () => (count++ === 0 ? decision : { kind: 'continue' }))];
    await through(
      faults,
      { asked: asked + get('/2'), answers: [OK], enough: (text) => text.length === 2 * OK.length },
      ({ upstream, link }) => {
        expect(upstream.received()).toBe(seen + get('/2'));
        expect(link.exchanges.map(({ end, bytesUp }) => [end, bytesUp])).toEqual([
          ['complete', asked.length],
          ['complete', get('/2').length],
        ]);
      },
    );
  });

  it('that promises more than comes ends the connection to the callee, which may still answer', async () => {
    await using upstream = await rawUpstream(({ socket }) =>
      socket.once('end', () => socket.end('HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n')),
    );
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults(up(streamEdit('same', (bytes) => bytes.subarray(2))));
    const caller = new Transcript(link.dial());
    caller.socket.write(PUT);
    expect(await caller.end()).toContain('400 Bad Request');
    expect(upstream.received()).toBe(PUT.replace('hello', 'llo'));
    expect(link.exchanges).toMatchObject([{ status: 400, end: 'complete' }]);
  });

  it('whose caller breaks off while it is waited for is never seen by the callee', async () => {
    await using upstream = await scripted(OK);
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults(up(wholeEdit((text) => text)));
    const caller = new Transcript(link.dial());
    caller.socket.end(PUT.slice(0, -2));
    await caller.end();
    await until('it is recorded', () => link.exchanges.length === 1);
    expect(link.exchanges).toMatchObject([{ end: 'clientClosed' }]);
    expect(upstream.accepted).toHaveLength(0);
  });

  it('that is waited for is asked for once the answers before it have been given', async () => {
    await using upstream = await rawUpstream((transcript) => {
      transcript.socket.once('data', () => setTimeout(() => transcript.socket.write(OK), 60));
    });
    await using link = await httpProxyTo(upstream.port);
    link.proxy.setFaults([
      messageFault('up', ({ request }) => (request.method === 'PUT' ? wholeEdit((text) => `${text}!`) : { kind: 'continue' })),
    ]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get('/1') + PUT.slice(0, -5).replace('\r\n\r\n', '\r\nExpect: 100-continue\r\n\r\n'));
    expect(await caller.until('the request for more', (text) => text.endsWith('Continue\r\n\r\n'))).toBe(
      `${OK}HTTP/1.1 100 Continue\r\n\r\n`,
    );
    caller.socket.write('hello');
    await until('the callee has it', () => upstream.received().endsWith('hello!'));
    expect(upstream.received()).toBe(get('/1') + PUT.replace(': 5', ': 6').replace('hello', 'hello!'));
  });

  it('that is malformed behind its head is refused, and nothing of it forged', async () => {
    const broken = 'PUT / HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nheX';
    for (const decision of [streamEdit('same', upper), wholeEdit((text) => text), head({ set: { a: 'b' } })]) {
      await through(
        up(decision),
        { asked: broken, answers: [], enough: (text) => text.includes('400') },
        async ({ caller, upstream, link }) => {
          await caller.end();
          expect(upstream.received()).not.toContain('0\r\n\r\n');
          expect(link.exchanges).toMatchObject([{ end: 'malformedRequest', status: 400 }]);
        },
      );
    }
  });
});

describe('a fault that goes', () => {
  it('lets what its transform holds go on, unchanged from there on', async () => {
    const open = (): TcpTransform => (_signal, effects) => effects.pass(Number.POSITIVE_INFINITY);
    const holding = messageFault('down', () => ({ kind: 'edit', body: { kind: 'stream', length: 'unknown', open } }));
    await through(
      [holding],
      { asked: get() + get('/2'), answers: [OK], enough: (text) => text.endsWith('\r\n\r\n') },
      async ({ caller, link }) => {
        await wait(50);
        expect(caller.text).toMatch(/chunked\r\n\r\n$/);
        expect(link.proxy.stats().heldBytes).toBeGreaterThanOrEqual('hello'.length);
        link.proxy.setFaults([]);
        expect(await caller.includes(OK)).toMatch(/chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\nHTTP/);
      },
    );
  });

  it('does not keep a head that waits for its body', async () => {
    await using upstream = await rawUpstream(({ socket }) => socket.once('data', () => socket.write(OK.slice(0, -3))));
    await using link = await httpProxyTo(upstream.port);
    const fault = messageFault('down', () => wholeEdit(() => 'lost'));
    link.proxy.setFaults([fault]);
    const caller = new Transcript(link.dial());
    caller.socket.write(get());
    await until('the head is kept', () => upstream.received() === get());
    await wait(50);
    expect(caller.text).toBe('');
    link.proxy.setFaults([]);
    await caller.until('what has come', (text) => text === OK.slice(0, -3));
    upstream.accepted[0]?.write('llo');
    await caller.until('the rest', (text) => text === OK);
    expect(fault.counts).toMatchObject({ applied: 0, skipped: 1 });
  });
});

describe('back-pressure', () => {
  it('of a slow transform reaches the sender, on both ways', async () => {
    const bytes = Buffer.alloc(16 * 1024 * 1024, 'x');
    let sentDown = false;
    await using upstream = await rawUpstream(({ socket }) =>
      socket.once('data', () => {
        socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${bytes.length}\r\n\r\n`);
        socket.write(bytes, () => {
          sentDown = true;
        });
      }),
    );
    for (const direction of ['up', 'down'] as const) {
      sentDown = false;
      await using link = await httpProxyTo(upstream.port);
      link.proxy.setFaults([activeFault({ type: 'throttle', direction, value: { rate: '100KB/s' } })]);
      const caller = link.dial();
      caller.on('data', () => {});
      let sentUp = false;
      caller.write(`PUT / HTTP/1.1\r\nHost: b\r\nContent-Length: ${bytes.length}\r\n\r\n`);
      caller.write(bytes, () => {
        sentUp = true;
      });
      await wait(300);
      expect(direction === 'up' ? sentUp : sentDown).toBe(false);
      expect(link.proxy.stats()[direction === 'up' ? 'bytesUp' : 'bytesDown']).toBeLessThan(bytes.length);
    }
  });
});

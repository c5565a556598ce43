/**
 * Heart: sends a numbered heartbeat to each observer at every interval. HEART_TO names their addresses, HEART_INTERVAL_MS the interval; beat n is due
 * n intervals after HEART_ORIGIN_MS of the monotonic clock, so a heart that was paused or started again goes on with the number that is due then.
 */
import net from 'node:net';
import type { Clock } from '../../core/clock.js';
import { LabError } from '../../core/errors.js';
import { type Address, readAddresses, readText } from '../environment.js';
import { type RunningProgram, runProgram } from '../program.js';

function readMs(env: Readonly<Record<string, string | undefined>>, name: string, { min }: { min: number }): number {
  const text = readText(env, name);
  const ms = Number(text);
  if (Number.isFinite(ms) && ms >= min) return ms;
  throw new LabError('USAGE', { problem: `expected ${name} to be milliseconds from ${min}, found "${text}"` });
}

/** A connection that is made anew when it is lost. What cannot be sent now is not sent later: an old heartbeat says nothing. */
class Voice implements Disposable {
  readonly #address: Address;
  #socket: net.Socket | undefined;

  constructor(address: Address) {
    this.#address = address;
  }

  say(line: string): void {
    const socket = this.#socket ?? this.#connect();
    if (!socket.connecting) socket.write(line);
  }

  #connect(): net.Socket {
    const socket = net.connect({ ...this.#address, noDelay: true });
    const forget = (): void => {
      if (this.#socket === socket) this.#socket = undefined;
    };
    socket.on('error', forget);
    socket.on('close', forget);
    socket.resume();
    this.#socket = socket;
    return socket;
  }

  [Symbol.dispose](): void {
    this.#socket?.destroy();
  }
}

function beat(clock: Clock, voices: readonly Voice[], { intervalMs, originMs }: { intervalMs: number; originMs: number }): Disposable {
  let timer = clock.after(0, tick);
  function tick(): void {
    const sequence = Math.floor((clock.nowMs() - originMs) / intervalMs);
    for (const voice of voices) voice.say(`${sequence}\n`);
    timer = clock.after(originMs + (sequence + 1) * intervalMs - clock.nowMs(), tick);
  }
  return { [Symbol.dispose]: () => timer.cancel() };
}

await runProgram({
  name: 'heart',
  start: ({ env, clock }): Promise<RunningProgram> => {
    const voices = readAddresses(env, 'HEART_TO').map((address) => new Voice(address));
    const rhythm = { intervalMs: readMs(env, 'HEART_INTERVAL_MS', { min: 1 }), originMs: readMs(env, 'HEART_ORIGIN_MS', { min: 0 }) };
    const beating = beat(clock, voices, rhythm);
    return Promise.resolve({
      address: 'none: it listens nowhere',
      [Symbol.asyncDispose]: async () => {
        beating[Symbol.dispose]();
        for (const voice of voices) voice[Symbol.dispose]();
      },
    });
  },
});

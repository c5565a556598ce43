/**
 * The port of a proxy, as newcomers find it: open, shut (the kernel refuses them), or mute (the kernel answers nothing). Both are the kernel's own
 * doing, because a proxy learns of a connection only when the handshake is over. What a reader gets wrong: nobody can count who was turned away.
 */
import { type Clock, sleep } from '../core/clock.js';
import { type Address, formatAddress } from './address.js';
import { type Listener, openListener } from './listener.js';
import { mutePort } from './mute-port.js';
import { type PortKeeper, shutPort } from './shut-port.js';
import type { Accepted } from './wire.js';

export type DoorState = 'open' | 'shut' | 'mute';

/** A port that somebody else has taken is asked for so often until it is free again. */
const REOPEN_MS = 50;

const KEEPERS = { shut: shutPort, mute: mutePort } as const;

interface DoorPorts {
  clock: Clock;
  accept(connection: Accepted): void;
}

export class Door implements AsyncDisposable {
  readonly #at: Address;
  readonly #ports: DoorPorts;
  readonly #over = new AbortController();
  #address: Address;
  #behind: { state: 'open'; listener: Listener } | { state: 'shut' | 'mute'; keeper: PortKeeper } | undefined;
  #wanted: DoorState = 'open';
  /** A state that this port cannot be in; it is open instead. */
  #impossible: DoorState | undefined;
  #turning: Promise<void> | undefined;
  #listenerEnd: Promise<void> | undefined;

  constructor(at: Address, ports: DoorPorts) {
    this.#at = at;
    this.#address = at;
    this.#ports = ports;
  }

  /** With the real port, once it listens. */
  get address(): string {
    return formatAddress(this.#address);
  }

  /** Undefined while it turns. */
  get state(): DoorState | undefined {
    return this.#turning === undefined ? this.#behind?.state : undefined;
  }

  /** Opens it for the first time, or rejects with LISTEN_FAILED. */
  async listen(): Promise<void> {
    const listener = await openListener(this.#at, this.#ports.accept);
    this.#address = listener.address;
    this.#behind = { state: 'open', listener };
    this.#follow();
  }

  /**
   * Takes effect soon, not at once: who comes before is let in, who comes in the millisecond between two states is refused. A Unix-domain socket
   * stays open, and so does a port that cannot be kept.
   */
  set(wanted: DoorState): void {
    if (wanted !== this.#wanted) this.#impossible = undefined;
    this.#wanted = wanted;
    this.#follow();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#turning;
    await this.#leave();
    await this.#listenerEnd;
  }

  #target(): DoorState {
    return this.#wanted === this.#impossible || 'path' in this.#address ? 'open' : this.#wanted;
  }

  #follow(): void {
    // Not open for the first time yet, on its way already, or closed for good.
    if (this.#behind === undefined || this.#turning !== undefined || this.#over.signal.aborted) return;
    if (this.#behind.state === this.#target()) return;
    this.#turning = this.#turn().finally(() => {
      this.#turning = undefined;
      this.#follow();
    });
  }

  async #turn(): Promise<void> {
    const target = this.#target();
    if (target !== 'open') {
      const keeper = await KEEPERS[target](this.#address, { clock: this.#ports.clock, leave: () => this.#leave() });
      if (keeper !== undefined) {
        this.#behind = { state: target, keeper };
        return;
      }
      this.#impossible = target;
    }
    await this.#leave();
    await this.#reopen();
  }

  /** The port is free when it resolves, and was given to nobody else. */
  async #leave(): Promise<void> {
    const behind = this.#behind;
    this.#behind = undefined;
    // A listener lets go of its port at once, even if it waits for connections to end.
    if (behind?.state === 'open') this.#listenerEnd = behind.listener.close();
    else await behind?.keeper.end();
  }

  async #reopen(): Promise<void> {
    while (!this.#over.signal.aborted) {
      try {
        this.#behind = { state: 'open', listener: await openListener(this.#address, this.#ports.accept) };
        return;
      } catch {
        await sleep(this.#ports.clock, REOPEN_MS, this.#over.signal).catch(() => {});
      }
    }
  }
}

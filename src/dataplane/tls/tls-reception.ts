/** Where newcomers are received on a link that terminates TLS: each has its handshake first, and those that fail are told of here. */
import type { Connection, Exchange, Observation } from '../../journal/observations.js';
import type { ConnectionIdentity } from '../connection-faults.js';
import type { ActiveFault } from '../faults/active-fault.js';
import type { ProxyPorts, ProxySpec } from '../proxy.js';
import type { Accepted } from '../wire.js';
import { Handshake, type Secured } from './handshake.js';
import type { Terminate } from './terminate.js';

/** As the proxy has numbered it. */
export interface Newcomer {
  accepted: Accepted;
  identity: Omit<ConnectionIdentity, 'source'>;
  faults: readonly ActiveFault[];
  /** It goes on with what is inside of TLS. Called once, unless `failed` is. */
  enter(secured: Secured): void;
  /** It will not. */
  failed(): void;
}

export interface TlsReceptionOptions {
  ports: ProxyPorts;
  spec: ProxySpec;
  terminate: Terminate;
  timeoutMs: number;
}

export class TlsReception {
  readonly #options: TlsReceptionOptions;
  /** Numbers of open connections that were shown a flawed certificate. */
  readonly #flawed = new Set<number>();

  constructor(options: TlsReceptionOptions) {
    this.#options = options;
  }

  /** Begins the handshake. What is returned stands for the connection until one of the two is called, which is never from within this call. */
  admit({ accepted, identity, faults, enter, failed }: Newcomer): Handshake {
    const { ports, spec, terminate, timeoutMs } = this.#options;
    const { clock } = ports;
    const handshake = new Handshake(
      {
        clock,
        timeoutMs,
        terminate,
        identity,
        secured: (secured) => {
          if (secured.isFlawed) this.#flawed.add(identity.connection);
          enter(secured);
        },
        failed: (told) => {
          const { link, connection, startMs } = identity;
          const who = { link, from: spec.from ?? 'client', to: spec.to ?? spec.name, connection };
          ports.record({ kind: 'connection', ...who, startMs, endMs: clock.nowMs(), bytesUp: 0, bytesDown: 0, ...told });
          failed();
        },
      },
      accepted,
    );
    handshake.setFaults({ all: faults });
    return handshake;
  }

  /**
   * An observation of this link as it is to be told. Many clients look at a certificate only when the handshake is over, and leave then: that was
   * their word on it.
   */
  told(observation: Observation): Observation {
    if (!isOfWire(observation) || this.#flawed.size === 0 || !this.#flawed.delete(observation.connection)) return observation;
    return observation.kind === 'connection' && hasTurnedAway(observation)
      ? { ...observation, end: 'handshakeFailed', handshake: TURNED_AWAY }
      : observation;
  }
}

const TURNED_AWAY = { with: 'client', endedBy: 'client', reason: 'it left when it had seen the certificate' } as const;

function hasTurnedAway({ end, bytesUp }: Connection): boolean {
  return bytesUp === 0 && (end === 'closed' || end === 'clientReset');
}

/** What a link recorded; faults and people speak of no connection. */
function isOfWire(observation: Observation): observation is Exchange | Connection {
  return observation.kind === 'exchange' || observation.kind === 'connection';
}

/** How long a suspect has to refute, by memberlist's code. Its comments say log(N + 1) where the code takes log10(N); this is the code. */

export interface Membership {
  members: number;
  /** Milliseconds between two probes. */
  probeInterval: number;
  suspicionMult: number;
  suspicionMaxTimeoutMult: number;
}

/** The shortest time to refute, which enough confirmations lead to. */
export function suspicionMinMs({ members, probeInterval, suspicionMult }: Membership): number {
  const scale = Math.floor(1_000 * Math.max(1, Math.log10(Math.max(1, members)))) / 1_000;
  return suspicionMult * scale * probeInterval;
}

/** How many confirmations of others lead to it. None where there are not enough others to give them. */
export function confirmationsNeeded({ members, suspicionMult }: Membership): number {
  const needed = suspicionMult - 2;
  return members - 2 < needed ? 0 : Math.max(0, needed);
}

/** Milliseconds from the first suspicion to death, with so many confirmations of others by now. */
export function suspicionMs(membership: Membership, confirmations: number): number {
  const minMs = suspicionMinMs(membership);
  const needed = confirmationsNeeded(membership);
  if (needed < 1) return minMs;
  const maxMs = membership.suspicionMaxTimeoutMult * minMs;
  const share = Math.log(confirmations + 1) / Math.log(needed + 1);
  return Math.max(minMs, Math.floor(maxMs - (maxMs - minMs) * share));
}

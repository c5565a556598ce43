/**
 * The lab's own certificate authority, and the certificates that it signs for whoever is asked for: made when they are wanted, and kept for a while. It
 * is worth trusting in a lab and nowhere else: whoever can read its key can be anybody to those who trust it.
 */
import { createSecureContext, type SecureContext } from 'node:tls';
import type { Clock } from '../../core/clock.js';
import type { CertificateFlaw } from '../faults/fault.js';
import { keptAuthority } from './authority-folder.js';
import { createAuthority, createKey, createLeaf, type Identity } from './certificates.js';

/** Certificates that are kept, about 30 KiB each; beyond it the one that was asked for longest ago goes, and is made anew if it is wanted again. */
const CONTEXTS_MAX = 500;
const LEAF_MS = 90 * 86_400e3;
/** A certificate that was made so long ago is made anew: it is always good for two months yet. */
const RENEW_MS = 30 * 86_400e3;

const NAME = 'faultlab lab CA';
/** Nobody trusts it, and nobody can: it is never handed out. */
const STRANGER = 'an authority that nobody knows';

interface Kept {
  context: Promise<SecureContext>;
  madeMs: number;
}

export class LabAuthority {
  readonly #clock: Clock;
  readonly #folder: string | undefined;
  readonly #contextsMax: number;
  readonly #contexts = new Map<string, Kept>();
  #lab: Promise<Identity> | undefined;
  #stranger: Promise<Identity> | undefined;
  #leafKey: Promise<string> | undefined;

  /** `folder`: where it is kept; without one it lives as long as this object. */
  constructor(clock: Clock, { folder, contextsMax = CONTEXTS_MAX }: { folder?: string | undefined; contextsMax?: number } = {}) {
    this.#clock = clock;
    this.#contextsMax = contextsMax;
    this.#folder = folder;
  }

  /** Its own certificate, as PEM text: what callers have to trust. Rejects with CA_UNUSABLE. */
  async certificate(): Promise<string> {
    return (await this.#authority()).certificate;
  }

  /** What a server at these names shows, the first of them being the one asked for. Rejects with CA_UNUSABLE. */
  context(names: readonly string[], flaw: CertificateFlaw = {}): Promise<SecureContext> {
    const key = JSON.stringify([names, flaw.expiredForMs, flaw.name, flaw.issuer]);
    const nowMs = this.#clock.wallMs();
    const kept = this.#contexts.get(key);
    this.#contexts.delete(key);
    const isFresh = kept !== undefined && Math.abs(nowMs - kept.madeMs) < RENEW_MS;
    const entry = isFresh ? kept : { context: this.#makeContext(names, flaw), madeMs: nowMs };
    // Put behind all others: the first of the map is the one that was asked for longest ago.
    this.#contexts.set(key, entry);
    const oldest = this.#contexts.size > this.#contextsMax ? this.#contexts.keys().next().value : undefined;
    if (oldest !== undefined) this.#contexts.delete(oldest);
    entry.context.catch(() => this.#contexts.delete(key));
    return entry.context;
  }

  /** How many certificates are kept. */
  get contextCount(): number {
    return this.#contexts.size;
  }

  async #makeContext(names: readonly string[], { expiredForMs, name, issuer }: CertificateFlaw): Promise<SecureContext> {
    const nowMs = this.#clock.wallMs();
    this.#leafKey ??= createKey();
    const key = await this.#leafKey;
    const signer = await this.#signer(issuer);
    const validUntilMs = expiredForMs === undefined ? nowMs + LEAF_MS : nowMs - expiredForMs;
    const leaf = await createLeaf(signer, { names: name === undefined ? names : [name], validUntilMs, nowMs, key });
    return createSecureContext({ key, cert: leaf });
  }

  #signer(issuer: CertificateFlaw['issuer']): Promise<Identity | undefined> {
    if (issuer === undefined) return this.#authority();
    if (issuer === 'self') return Promise.resolve(undefined);
    this.#stranger ??= createAuthority({ name: STRANGER, nowMs: this.#clock.wallMs() });
    return this.#stranger;
  }

  #authority(): Promise<Identity> {
    if (this.#lab === undefined) {
      const create = (): Promise<Identity> => createAuthority({ name: NAME, nowMs: this.#clock.wallMs() });
      this.#lab = this.#folder === undefined ? create() : keptAuthority(this.#folder, { create, nowMs: this.#clock.wallMs() });
      // A folder that could not be used may be usable the next time.
      this.#lab.catch(() => {
        this.#lab = undefined;
      });
    }
    return this.#lab;
  }
}

/**
 * A shop that fails as told, in virtual time: a load, a gateway that retries, ejects and breaks, five inventories, one payments. It answers with the events of
 * its exchanges in the order in which they ended, one request at a time, so that a journal of any length is written without being held.
 */

const INVENTORY = [1, 2, 3, 4, 5].map((i) => `inventory-${i}`);
const PAYMENTS = 'payments-1';
const EJECT_AFTER = 3;
const EJECTED_MS = 5_000;
const BREAKER_AFTER = 10;
const BREAKER_OPEN_MS = 2_000;
const TIMEOUT_MS = 500;

export const SERVICES = [
  { name: 'gateway', instances: ['gateway-1'] },
  { name: 'inventory', instances: INVENTORY },
  { name: 'payments', instances: [PAYMENTS] },
].map((service) => ({ ...service, probePaths: ['/health', '/ready'] }));

/** The same numbers on every machine: a linear congruential generator, good enough for noise. */
function createNoise(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/** As clocks tell: nanoseconds, with what a double makes of them. */
function clock(ms) {
  return Math.round(ms * 1e6) / 1e6;
}

export class Shop {
  #noise = createNoise(7);
  #faultOn;
  #ordinals = new Map();
  #errors = new Map();
  #outUntilMs = new Map();
  #breaker = { errors: 0, openUntilMs: 0 };
  #turn = 0;
  #seq = 0;
  #nameOf;
  counts = new Map();

  /** `faultOn(instance, atMs)`: the fault that is on there, `{ id, share, kind }`, or undefined. */
  constructor({ faultOn, ids }) {
    this.#faultOn = faultOn;
    this.#nameOf = ids === 'uuid' ? () => this.#uuid() : (seq) => `0pwvol8-${seq.toString(36)}`;
  }

  /** One request at the front door, and all that follows from it: first the attempts. */
  request(atMs) {
    this.#seq += 1;
    const isPay = this.#seq % 3 === 0;
    const token = this.#nameOf(this.#seq);
    const path = `/${isPay ? 'pay' : 'stock'}/${token}`;
    const call = { method: isPay ? 'POST' : 'GET', path, token };
    const attempts = isPay ? this.#pay(call, atMs + 0.4) : this.#stock(call, atMs + 0.4);
    const last = attempts.at(-1);
    const endMs = (last?.endMs ?? atMs + 0.5) + 0.3;
    const status = isPay ? (last?.status ?? 202) : (last?.status ?? 504);
    const own = { ...call, route: isPay ? 'pay' : 'stock', startMs: atMs, endMs, end: 'complete', status };
    return [...attempts, this.#exchange('load', 'gateway-1', own)];
  }

  healthChecks(atMs) {
    return INVENTORY.map((to) => {
      const call = { method: 'GET', path: '/health', token: this.#uuid() };
      return this.#exchange('gateway-1', to, { ...call, startMs: atMs, endMs: atMs + 0.8, end: 'complete', status: 200 });
    });
  }

  #stock(call, atMs) {
    const first = this.#ask(this.#pick(atMs), call, atMs);
    this.#score(first);
    if (first.status === 200) return [first];
    const second = this.#ask(this.#pick(first.endMs, first.to), call, first.endMs + 10 + 10 * this.#noise());
    this.#score(second);
    return [first, second];
  }

  #pick(atMs, but) {
    const inPool = INVENTORY.filter((name) => name !== but && (this.#outUntilMs.get(name) ?? 0) <= atMs);
    this.#turn += 1;
    return inPool[this.#turn % inPool.length] ?? INVENTORY[0];
  }

  #score({ to, status, endMs }) {
    const errors = status === 200 ? 0 : (this.#errors.get(to) ?? 0) + 1;
    this.#errors.set(to, errors % EJECT_AFTER);
    if (errors === EJECT_AFTER) this.#outUntilMs.set(to, endMs + EJECTED_MS);
  }

  #pay(call, atMs) {
    const breaker = this.#breaker;
    if (atMs < breaker.openUntilMs) return [];
    const attempt = this.#ask(PAYMENTS, { ...call, tokens: { 'idempotency-key': call.token } }, atMs);
    const wasTrial = breaker.openUntilMs > 0;
    if (attempt.status === 200) this.#breaker = { errors: 0, openUntilMs: 0 };
    else if (wasTrial || breaker.errors + 1 >= BREAKER_AFTER) this.#breaker = { errors: 0, openUntilMs: attempt.endMs + BREAKER_OPEN_MS };
    else this.#breaker = { errors: breaker.errors + 1, openUntilMs: 0 };
    return [attempt];
  }

  #ask(to, call, atMs) {
    const fault = this.#faultOn(to, atMs);
    const isHit = fault !== undefined && this.#noise() < fault.share;
    const slow = this.#noise() < 0.01 ? 40 * this.#noise() : 0;
    const tookMs = 2 + 4 * this.#noise() + slow;
    const whole = { startMs: atMs, endMs: atMs + tookMs, end: 'complete', status: this.#noise() < 0.001 ? 500 : 200 };
    if (fault === undefined) return this.#exchange('gateway-1', to, { ...call, ...whole });
    const count = this.counts.get(fault.id) ?? { matched: 0, applied: 0 };
    this.counts.set(fault.id, { matched: count.matched + 1, applied: count.applied + (isHit ? 1 : 0) });
    const hit =
      fault.kind === 'abort'
        ? { startMs: atMs, endMs: atMs + 0.4, end: 'complete', endedBy: 'fault', endedHow: 'answer', status: 503 }
        : { startMs: atMs, endMs: atMs + TIMEOUT_MS, end: 'clientReset', endedBy: 'caller', endedHow: 'rst' };
    const told = isHit ? { applied: [fault.id] } : { skipped: [{ fault: fault.id, why: 'share' }] };
    return this.#exchange('gateway-1', to, { ...call, ...(isHit ? hit : whole), matched: [fault.id], ...told });
  }

  #exchange(from, to, { method, path, token, route, startMs, endMs, end, status, ...rest }) {
    const link = `${from}->${to}`;
    const ordinal = (this.#ordinals.get(link) ?? 0) + 1;
    this.#ordinals.set(link, ordinal);
    return {
      type: 'exchange',
      link,
      from,
      to,
      connection: 1 + (ordinal % 8),
      ordinal,
      method,
      path,
      startMs: clock(startMs),
      endMs: clock(endMs),
      end,
      bytesUp: 87 + path.length,
      bytesDown: 220 + path.length,
      ...(route !== undefined && { route }),
      token,
      requestEndMs: clock(startMs),
      ...(status !== undefined && { responseStartMs: clock(endMs), status }),
      ...rest,
    };
  }

  #uuid() {
    const part = (digits) =>
      Math.floor(this.#noise() * 16 ** digits)
        .toString(16)
        .padStart(digits, '0');
    return `${part(8)}-${part(4)}-4${part(3)}-a${part(3)}-${part(8)}${part(4)}`;
  }
}

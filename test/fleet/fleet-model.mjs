/** The queues of a fleet, event by event: three members of etcd with two processors each, agents that ask by their timers, and an orchestrator that orders and listens. */

const MEMBERS = 3;
const CORES = 2;
/** Between any two hosts and back. */
const ROUND_TRIP_MS = 1;
/** A group of writes on the disks of a majority. */
const COMMIT_MS = 4;
/** Processor time of etcd, in ms: measured by unit-costs.mjs, on one core of the machine of the tables. A follower hands writes and leases to its leader. */
const COST = { renew: 0.33, timeToLive: 0.27, put: 0.62, putSixty: 7.5, readTwo: 0.33, readEach: 0.03, event: 0.05 };
/** The same of the orchestrator: one answer of an agent heard, one read again, and sixty orders written. */
const OWN = { heard: 0.25, readEach: 0.02, putSixty: 1.1 };
const RENEW_EVERY_MS = 3_333;
const LEASE_MS = 10_000;
/** A request that is not answered by then is asked again of the next member. */
const ATTEMPT_MS = 2_000;
const AT_ONCE_MAX = 60;
const RUNS_MS = 60_000;
const INJECT_AT_MS = 20_000;
const INJECTED_WITHIN_MS = 30_000;
const LEAD_MS = 400;

/** Processors of one machine; work is done in the order in which it comes. */
class Cores {
  busyMs = 0;
  #freeMs;

  constructor(count) {
    this.#freeMs = Array.from({ length: count }, () => 0);
  }

  /** When it is done. */
  work(atMs, costMs) {
    const i = this.#freeMs.indexOf(Math.min(...this.#freeMs));
    this.#freeMs[i] = Math.max(this.#freeMs[i], atMs) + costMs;
    this.busyMs += costMs;
    return this.#freeMs[i];
  }
}

/** Earliest first; a binary heap. */
class Agenda {
  #heap = [];

  add(atMs, act) {
    const heap = this.#heap;
    let i = heap.push({ atMs, act }) - 1;
    for (let above = (i - 1) >> 1; i > 0 && heap[above].atMs > heap[i].atMs; i = above, above = (i - 1) >> 1)
      [heap[i], heap[above]] = [heap[above], heap[i]];
  }

  next() {
    const heap = this.#heap;
    const [first] = heap;
    const last = heap.pop();
    if (heap.length === 0 || first === undefined) return first;
    heap[0] = last;
    for (let i = 0; ; ) {
      const [left, right] = [2 * i + 1, 2 * i + 2];
      let least = i;
      if (left < heap.length && heap[left].atMs < heap[least].atMs) least = left;
      if (right < heap.length && heap[right].atMs < heap[least].atMs) least = right;
      if (least === i) return first;
      [heap[i], heap[least]] = [heap[least], heap[i]];
      i = least;
    }
  }
}

export class FleetModel {
  #given;
  #agenda = new Agenda();
  #members = Array.from({ length: MEMBERS }, () => new Cores(CORES));
  #own = new Cores(1);
  #requests = 0;
  #provenUntilMs;
  #unproven = new Set();
  #onMs = [];
  #armed = 0;

  /**
   * Agents ask whether their run lives every `askEveryMs`, and every so many questions read all; the orchestrator reads all answers anew every `refreshEveryMs`. `oneAsksFor`:
   * so many share one that asks and renews for them.
   */
  constructor({ agents, askEveryMs, readEvery, refreshEveryMs, oneAsksFor = 1 }) {
    this.#given = { agents, askEveryMs, readEvery, refreshEveryMs, oneAsksFor };
    this.#provenUntilMs = new Float64Array(agents).fill(LEASE_MS);
  }

  run() {
    const { agents, askEveryMs, refreshEveryMs, oneAsksFor } = this.#given;
    for (let agent = 0; agent < agents; agent += oneAsksFor) {
      // Nobody starts at the same moment; the golden ratio spreads them evenly.
      const phase = (agent * 0.618_034) % 1;
      this.#ask(agent, phase * askEveryMs, 1);
      this.#renew(agent, phase * RENEW_EVERY_MS);
    }
    this.#refresh(refreshEveryMs);
    this.#agenda.add(INJECT_AT_MS, (atMs) => this.#order(atMs, (now) => this.#arm(now)));
    for (let event = this.#agenda.next(); event !== undefined && event.atMs < RUNS_MS; event = this.#agenda.next()) event.act(event.atMs);
    return {
      requestsPerSecond: this.#requests / (RUNS_MS / 1e3),
      etcdShare: Math.max(...this.#members.map(({ busyMs }) => busyMs)) / (RUNS_MS * CORES),
      orchestratorShare: this.#own.busyMs / RUNS_MS,
      injectMs: Math.max(...this.#onMs, INJECT_AT_MS) - INJECT_AT_MS,
      injectedShare: this.#onMs.filter((ms) => ms < INJECT_AT_MS + INJECTED_WITHIN_MS).length / agents,
      unprovenShare: this.#unproven.size / agents,
    };
  }

  /** When the answer is there; the member that is asked works, and the leader too where it has to decide. */
  #request(atMs, { member, cost, isLeaders = false, isWrite = false }) {
    this.#requests += 1;
    const arrivedMs = atMs + ROUND_TRIP_MS / 2;
    const own = this.#members[member].work(arrivedMs, isLeaders && member !== 0 ? cost / 2 : cost);
    const decided = isLeaders && member !== 0 ? this.#members[0].work(own + ROUND_TRIP_MS / 2, cost / 2) + ROUND_TRIP_MS / 2 : own;
    return decided + (isWrite ? COMMIT_MS : 0) + ROUND_TRIP_MS / 2;
  }

  #ask(agent, atMs, questions) {
    const { askEveryMs, readEvery } = this.#given;
    this.#agenda.add(atMs, (now) => {
      if (now > this.#provenUntilMs[agent]) this.#unproven.add(agent);
      const member = agent % MEMBERS;
      if (questions % readEvery === 0) this.#request(now, { member, cost: COST.readTwo });
      const answeredMs = this.#request(now, { member, cost: COST.timeToLive, isLeaders: true });
      // What comes later is not waited for, and proves nothing.
      if (answeredMs - now < ATTEMPT_MS) this.#provenUntilMs[agent] = now + LEASE_MS;
      this.#ask(agent, Math.max(now + askEveryMs, Math.min(answeredMs, now + ATTEMPT_MS)), questions + 1);
    });
  }

  #renew(agent, atMs) {
    this.#agenda.add(atMs, (now) => {
      this.#request(now, { member: agent % MEMBERS, cost: COST.renew, isLeaders: true });
      this.#renew(agent, now + RENEW_EVERY_MS);
    });
  }

  /** All answers and all registrations, read and parsed. */
  #refresh(atMs) {
    const { agents, refreshEveryMs } = this.#given;
    this.#agenda.add(atMs, (now) => {
      const readMs = this.#request(now, { member: 1, cost: COST.readTwo + 2 * agents * COST.readEach });
      const doneMs = this.#own.work(readMs, 2 * agents * OWN.readEach);
      this.#refresh(Math.max(now + refreshEveryMs, doneMs));
    });
  }

  /** Sixty at a time, each lot after the one before; each agent hears of its own, and answers. */
  #order(atMs, onAll) {
    const { agents } = this.#given;
    let [now, answers] = [atMs, 0];
    for (let from = 0; from < agents; from += AT_ONCE_MAX) {
      const count = Math.min(AT_ONCE_MAX, agents - from);
      now = this.#own.work(now, (OWN.putSixty * count) / AT_ONCE_MAX);
      now = this.#request(now, { member: 1, cost: (COST.putSixty * count) / AT_ONCE_MAX, isLeaders: true, isWrite: true });
      for (let agent = from; agent < from + count; agent++) {
        const member = agent % MEMBERS;
        const heardMs = this.#members[member].work(now, COST.event) + ROUND_TRIP_MS / 2;
        this.#agenda.add(heardMs, (seenMs) => {
          const writtenMs = this.#request(seenMs, { member, cost: COST.put, isLeaders: true, isWrite: true });
          const toldMs = this.#members[1].work(writtenMs, COST.event);
          this.#agenda.add(this.#own.work(toldMs, OWN.heard), (lastMs) => {
            answers += 1;
            if (answers === agents) onAll(lastMs);
          });
          if (this.#armed === agents) this.#onMs.push(Math.max(seenMs, atMs + LEAD_MS));
        });
      }
    }
  }

  /** Everybody is ready: now with the instant at which all begin. */
  #arm(atMs) {
    this.#armed = this.#given.agents;
    this.#order(atMs, () => {});
  }
}

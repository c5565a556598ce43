/** A daemon that is told an hour of 100 links by what stands for a run, and one more second every second. All of it goes over the wire as a run's own news does. */
import { setTimeout as sleep } from 'node:timers/promises';
import { start } from '../screenshots/program.mjs';

const RUN = 'page-bench';
const CALLERS = 10;
const CALLEES = 10;
const HOUR_SECONDS = 3_600;
/** A batch of news holds 2,000 rows at most. */
const ROWS_MAX = 2_000;
const SECOND_MS = 1_000;

const names = (service, count) => Array.from({ length: count }, (_, i) => `${service}-${i + 1}`);
const LINKS = names('caller', CALLERS).flatMap((from) =>
  names('callee', CALLEES).map((to) => ({
    name: `${from}->${to}`,
    from,
    fromService: 'caller',
    to,
    toService: 'callee',
    protocol: 'http',
  })),
);
const PLAN = {
  title: 'page-bench',
  file: '',
  environment: 'local',
  seed: 1,
  inputs: {},
  services: [
    { name: 'caller', instances: names('caller', CALLERS), probePaths: [] },
    { name: 'callee', instances: names('callee', CALLEES), probePaths: [] },
  ],
  links: LINKS,
  probes: [],
  steps: [],
  checks: [],
};

/** Never the same twice, so that nothing is drawn for free. */
function rowOf({ name: link }, second, at) {
  const requests = 100 + ((second * 7 + at * 13) % 50);
  const errors = (second + at) % 17 === 0 ? 9 : 0;
  const p50Ms = 5 + ((second + at) % 7);
  const answers = { answers2xx: requests - errors, answers3xx: 0, answers4xx: 0, answers5xx: errors };
  const waits = { p50Ms, p90Ms: p50Ms * 2, p99Ms: p50Ms * 5 };
  return {
    link,
    second,
    requests,
    errors,
    faulted: 0,
    ...answers,
    ...waits,
    bytesUp: requests * 200,
    bytesDown: requests * 900,
    connections: 8,
  };
}

export class ToldHour {
  url;
  pid;
  #daemon;
  #epoch = 0;
  #over = new AbortController();
  #telling = Promise.resolve();

  static async begin() {
    const hour = new ToldHour();
    hour.#daemon = start(['serve', '--ui', '--port', '0', '--json']);
    const { url, pid } = JSON.parse((await hour.#daemon.says(/^\{.*\}$/m))[0]);
    Object.assign(hour, { url, pid });
    hour.#epoch = (await hour.#post('/v1/runs', { run: RUN })).epoch;
    const { nowMs, wallMs } = await hour.#get('/v1/live');
    const aheadMs = nowMs - performance.now();
    const started = { n: 1, atMs: nowMs, type: 'runStarted', run: RUN, epoch: hour.#epoch, version: '', wallMs, plan: PLAN };
    await hour.#tell({ events: [started] });
    const now = Math.floor(nowMs / SECOND_MS);
    const whole = ROWS_MAX / LINKS.length;
    for (let second = now - HOUR_SECONDS + 1; second < now; second += whole) {
      await hour.#renew();
      const seconds = Array.from({ length: Math.min(whole, now - second) }, (_, i) => second + i);
      await hour.#tell({ seconds: seconds.flatMap((one) => LINKS.map((link, at) => rowOf(link, one, at))) });
    }
    hour.#telling = hour.#goOn({ told: now - 1, aheadMs });
    return hour;
  }

  /** `aheadMs`: of the daemon's clock before ours. However late it is, no second is left out. */
  async #goOn({ told, aheadMs }) {
    const { signal } = this.#over;
    while (!signal.aborted) {
      await this.#renew();
      const last = Math.floor((performance.now() + aheadMs) / SECOND_MS) - 1;
      const whole = Array.from({ length: Math.min(last - told, ROWS_MAX / LINKS.length) }, (_, i) => told + 1 + i);
      await this.#tell({ seconds: whole.flatMap((second) => LINKS.map((link, at) => rowOf(link, second, at))) });
      told += whole.length;
      await sleep(SECOND_MS, undefined, { signal }).catch(() => {});
    }
  }

  #renew() {
    return this.#post(`/v1/runs/${RUN}/renew`, { epoch: this.#epoch });
  }

  #tell(news) {
    return this.#post(`/v1/runs/${RUN}/events`, { epoch: this.#epoch, events: [], seconds: [], verdicts: null, lost: 0, ...news });
  }

  async #get(path) {
    return (await fetch(`${this.url}${path}`)).json();
  }

  async #post(path, body) {
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  async end() {
    this.#over.abort();
    await this.#telling;
    this.#daemon.end();
    await this.#daemon.ended;
  }
}

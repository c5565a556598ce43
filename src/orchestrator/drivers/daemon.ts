/** Drives our own daemon through its control API. Each call has a deadline: a daemon that does not answer is an error, never a wait. */
import { request } from 'undici';
import { type ErrorCode, errorCodes, LabError, reasonOf } from '../../core/errors.js';
import type { ProxyStatus } from '../../dataplane/daemon.js';
import type { FaultStatus } from '../../dataplane/fault-status.js';
import type { FaultSpec } from '../../dataplane/faults/spec.js';
import type { ObservationPage } from '../../dataplane/observation-ring.js';
import type { ConnectionStatus, ProxySpecInput } from '../../dataplane/proxy.js';
import type { GateDecision } from '../../journal/observations.js';
import type { RunNews } from '../run-news.js';
import { type Driver, type DriverStatus, type GatewayRoute, isSameRoute } from './driver.js';
import { faultInput } from './fault-input.js';

const CALL_TIMEOUT_MS = 5_000;

interface Call {
  method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  path: string;
  body?: unknown;
  signal?: AbortSignal | undefined;
  timeoutMs?: number;
  /** What the answer is; JSON if left out. */
  answer?: 'text';
}

export class DaemonDriver implements Driver {
  readonly url: string;
  readonly losses = 'the daemon’s stream is bounded';
  readonly #headers: Readonly<Record<string, string>>;
  #run = '';
  #epoch: number | undefined;

  constructor({ url, token }: { url: string; token?: string | undefined }) {
    this.url = url.replace(/\/$/, '');
    this.#headers = { 'content-type': 'application/json', ...(token !== undefined && { authorization: `Bearer ${token}` }) };
  }

  status(signal?: AbortSignal): Promise<DriverStatus> {
    return this.#call<DriverStatus>({ method: 'GET', path: '/v1/status', signal });
  }

  async claim(run: string, { isDry = false }: { isDry?: boolean } = {}): Promise<{ epoch: number; leaseMs: number }> {
    // Left out where it is not so: an older daemon does not know the word.
    const body = isDry ? { run, isDry } : { run };
    const claim = await this.#call<{ epoch: number; leaseMs: number }>({ method: 'POST', path: '/v1/runs', body });
    this.#run = run;
    this.#epoch = claim.epoch;
    return claim;
  }

  async renew(): Promise<void> {
    await this.#call({ method: 'POST', path: `/v1/runs/${encodeURIComponent(this.#run)}/renew`, body: { epoch: this.#epoch } });
  }

  async release(): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/v1/runs/${encodeURIComponent(this.#run)}` });
  }

  createProxy(spec: ProxySpecInput): Promise<ProxyStatus> {
    return this.#call<ProxyStatus>({ method: 'POST', path: '/v1/proxies', body: spec });
  }

  async removeProxy(name: string): Promise<void> {
    const path = `/v1/proxies/${encodeURIComponent(name)}?run=${encodeURIComponent(this.#run)}`;
    await this.#call({ method: 'DELETE', path });
  }

  async inject(faults: readonly FaultSpec[]): Promise<void> {
    await this.#call({ method: 'POST', path: '/v1/faults', body: { run: this.#run, epoch: this.#epoch, faults: faults.map(faultInput) } });
  }

  async heal(faults?: readonly string[]): Promise<void> {
    if (faults === undefined) await this.#call({ method: 'DELETE', path: `/v1/faults?run=${encodeURIComponent(this.#run)}` });
    for (const id of faults ?? []) await this.#call({ method: 'DELETE', path: `/v1/faults/${encodeURIComponent(id)}` });
  }

  async active(): Promise<readonly FaultStatus[]> {
    const { faults } = await this.#call<{ faults: FaultStatus[] }>({ method: 'GET', path: '/v1/faults' });
    return faults.filter(({ run, beside }) => run === this.#run || beside === this.#run);
  }

  async tell(news: RunNews): Promise<void> {
    await this.#call({ method: 'POST', path: `/v1/runs/${encodeURIComponent(this.#run)}/events`, body: news });
  }

  /** A driver that speaks for a run without claiming the daemon: for what a dead run left, and for a person at the keyboard. */
  static speakFor({ url, token, run }: { url: string; token?: string | undefined; run: string }): DaemonDriver {
    const driver = new DaemonDriver({ url, token });
    driver.#run = run;
    return driver;
  }

  /** Every fault on the daemon, whoever put it there. */
  async faults(): Promise<readonly FaultStatus[]> {
    return (await this.#call<{ faults: FaultStatus[] }>({ method: 'GET', path: '/v1/faults' })).faults;
  }

  async proxies(): Promise<readonly ProxyStatus[]> {
    return (await this.#call<{ proxies: ProxyStatus[] }>({ method: 'GET', path: '/v1/proxies' })).proxies;
  }

  /** Says something into the run that uses the daemon. */
  note(text: string, by: string): Promise<{ run: string }> {
    return this.#call({ method: 'POST', path: '/v1/notes', body: { text, by } });
  }

  /** Gates that wait for somebody. */
  async gates(): Promise<readonly { name: string; run: string; question: string; by: readonly string[] }[]> {
    return (await this.#call<{ gates: [] }>({ method: 'GET', path: '/v1/gates' })).gates;
  }

  async openGate(name: string, gate: Parameters<NonNullable<Driver['openGate']>>[1]): Promise<void> {
    await this.#call({ method: 'PUT', path: `/v1/gates/${encodeURIComponent(name)}`, body: { run: this.#run, ...gate } });
  }

  async closeGate(name: string): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/v1/gates/${encodeURIComponent(name)}` });
  }

  async answerGate(name: string, { decision, by }: { decision: GateDecision; by: string }): Promise<void> {
    await this.#call({ method: 'POST', path: `/v1/gates/${encodeURIComponent(name)}`, body: { decision, by } });
  }

  /** The certificate of the lab CA, as PEM text. */
  authority(): Promise<string> {
    return this.#call<string>({ method: 'GET', path: '/v1/ca.pem', answer: 'text' });
  }

  /** Open connections of a proxy, oldest first, those whose number is larger than `after`; `open` says how many there are in all. */
  connections(proxy: string, { after = 0 }: { after?: number } = {}): Promise<{ connections: readonly ConnectionStatus[]; open: number }> {
    return this.#call({ method: 'GET', path: `/v1/proxies/${encodeURIComponent(proxy)}/connections?after=${after}` });
  }

  async kill(proxy: string, connection: number): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/v1/proxies/${encodeURIComponent(proxy)}/connections/${connection}` });
  }

  /** Gives a fault that is on another percentage or other parameters. */
  change(fault: string, { percentage, value }: { percentage?: number | undefined; value?: unknown }): Promise<FaultStatus> {
    const body = { run: this.#run, epoch: this.#epoch, percentage, value };
    return this.#call<FaultStatus>({ method: 'PATCH', path: `/v1/faults/${encodeURIComponent(fault)}`, body });
  }

  /** Lets go on what a fault holds, the longest held first, and says how many. */
  releaseHeld(fault: string, { count }: { count?: number | undefined } = {}): Promise<{ released: number; held: number }> {
    const body = { run: this.#run, epoch: this.#epoch, count };
    return this.#call({ method: 'POST', path: `/v1/faults/${encodeURIComponent(fault)}/release`, body });
  }

  /** Ends the faults named, or every fault on the daemon if none is, and returns those that were on. */
  async endFaults(ids: readonly string[]): Promise<readonly FaultStatus[]> {
    const paths = ids.length === 0 ? ['/v1/faults'] : ids.map((id) => `/v1/faults/${encodeURIComponent(id)}`);
    const ended: FaultStatus[] = [];
    for (const path of paths) ended.push(...(await this.#call<{ ended: FaultStatus[] }>({ method: 'DELETE', path })).ended);
    return ended;
  }

  /** The daemon's gateway: where it listens (`null`: there is none) and its routes. */
  gateway(): Promise<{ listen: string | null; routes: readonly GatewayRoute[] }> {
    return this.#call({ method: 'GET', path: '/v1/gateway' });
  }

  /** Opens the gateway, moves it, or gives it other routes. */
  setGateway({
    listen,
    routes,
  }: {
    listen?: string | undefined;
    routes: readonly GatewayRoute[];
  }): Promise<{ listen: string; routes: readonly GatewayRoute[] }> {
    return this.#call({ method: 'PUT', path: '/v1/gateway', body: { run: this.#run, listen, routes } });
  }

  async openGateway(routes: readonly GatewayRoute[]): Promise<string> {
    return (await this.setGateway({ routes: [...(await this.#otherRoutes(routes)), ...routes] })).listen;
  }

  async leaveGateway(routes: readonly GatewayRoute[]): Promise<void> {
    const others = await this.#otherRoutes(routes);
    if (others.length > 0) await this.setGateway({ routes: others });
    else await this.closeGateway();
  }

  async #otherRoutes(routes: readonly GatewayRoute[]): Promise<readonly GatewayRoute[]> {
    return (await this.gateway()).routes.filter((route) => !routes.some((own) => isSameRoute(own, route)));
  }

  async closeGateway(): Promise<void> {
    await this.#call({ method: 'DELETE', path: `/v1/gateway?run=${encodeURIComponent(this.#run)}` });
  }

  halt(reason: string): Promise<{ ended: number }> {
    return this.#call<{ ended: number }>({ method: 'POST', path: '/v1/halt', body: { reason } });
  }

  async lift(): Promise<void> {
    await this.#call({ method: 'DELETE', path: '/v1/halt' });
  }

  observations({ after, waitMs, signal }: { after: number; waitMs: number; signal: AbortSignal }): Promise<ObservationPage> {
    const path = `/v1/observations?after=${after}&waitMs=${Math.round(waitMs)}`;
    return this.#call<ObservationPage>({ method: 'GET', path, signal, timeoutMs: waitMs + CALL_TIMEOUT_MS });
  }

  async #call<T>({ method, path, body, signal, timeoutMs = CALL_TIMEOUT_MS, answer }: Call): Promise<T> {
    const deadline = AbortSignal.timeout(timeoutMs);
    let status: number;
    let text: string;
    try {
      const response = await request(this.url + path, {
        method,
        headers: this.#headers,
        signal: signal === undefined ? deadline : AbortSignal.any([signal, deadline]),
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      status = response.statusCode;
      text = await response.body.text();
    } catch (error) {
      if (signal?.aborted) throw signal.reason;
      throw new LabError('DAEMON_UNREACHABLE', { url: this.url, reason: reasonOf(error) }, { cause: error });
    }
    if (status >= 400) throw this.#refusal(status, text);
    // The daemon is ours and of the same version; its answers are not parsed a second time.
    return (text === '' || answer === 'text' ? text || undefined : JSON.parse(text)) as T;
  }

  /** The daemon's own error, made whole again from its code and details. */
  #refusal(status: number, text: string): LabError {
    try {
      const { code, details, error } = JSON.parse(text) as { code: string; details?: Record<string, string>; error?: string };
      if (errorCodes.includes(code as ErrorCode)) return new LabError(code as ErrorCode, details ?? {});
      return new LabError('DAEMON_UNREACHABLE', { url: this.url, reason: `status ${status}: ${error ?? text.slice(0, 200)}` });
    } catch {
      return new LabError('DAEMON_UNREACHABLE', { url: this.url, reason: `status ${status}, and the answer is not faultlab's` });
    }
  }
}

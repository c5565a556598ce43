/**
 * A Toxiproxy server, through its own client. Each call has a deadline, which the client itself does not know; what is gone already counts as
 * removed. Nothing here touches a proxy that its caller has not named, or that does not begin with the prefix given.
 */
import { type Proxy as ToxicProxy, Toxiproxy } from 'toxiproxy-node-client';
import { type Clock, sleep } from '../../core/clock.js';
import { LabError, reasonOf } from '../../core/errors.js';
import type { ToxicText } from './toxics.js';

const CALL_TIMEOUT_MS = 5_000;
/** All proxies of ours begin with it; what follows is the run. */
const PREFIX = 'faultlab';

/** What the names of a run's proxies begin with. */
export function proxyPrefix(run: string): string {
  return `${PREFIX}:${run}:`;
}

export interface ListedProxy {
  name: string;
  toxics: readonly { name: string }[];
}

export class ToxiproxyServer {
  readonly url: string;
  readonly #clock: Clock;
  readonly #client: Toxiproxy;

  constructor(url: string, clock: Clock) {
    this.url = url.replace(/\/$/, '');
    this.#clock = clock;
    this.#client = new Toxiproxy(this.url);
  }

  /** `2.12.0`, or what it says in place of a number. */
  async version(): Promise<string> {
    const text = await this.#call('version', () => this.#client.getVersion());
    return /"version":\s*"([^"]*)"/.exec(text)?.[1] ?? text.trim();
  }

  /** Proxies whose names begin with the prefix. */
  async proxies(prefix: string): Promise<readonly ListedProxy[]> {
    const all = await this.#call('listing proxies', () => this.#client.getApi().get<Record<string, ListedProxy>>(`${this.url}/proxies`));
    return Object.values(all.data).filter(({ name }) => name.startsWith(prefix));
  }

  createProxy(given: { name: string; listen: string; upstream: string }): Promise<ToxicProxy> {
    return this.#call(`creating proxy ${given.name}`, () => this.#client.createProxy(given));
  }

  async addToxic(proxy: string, { name, toxic }: { name: string; toxic: ToxicText }): Promise<void> {
    const { attributes, ...rest } = toxic;
    const body = { ...rest, name, attributes };
    await this.#call(`adding ${toxic.type} to ${proxy}`, () => this.#client.getApi().post(`${this.#path(proxy)}/toxics`, body));
  }

  removeToxic(proxy: string, toxic: string): Promise<void> {
    const path = `${this.#path(proxy)}/toxics/${encodeURIComponent(toxic)}`;
    return this.#remove(`removing toxic ${toxic} from ${proxy}`, path);
  }

  removeProxy(proxy: string): Promise<void> {
    return this.#remove(`removing proxy ${proxy}`, this.#path(proxy));
  }

  /** Removes the toxics of these proxies first, so that traffic flows again, then the proxies. Returns how many of each there were. */
  async sweep(prefix: string): Promise<{ proxies: number; toxics: number }> {
    const found = await this.proxies(prefix);
    let toxics = 0;
    for (const proxy of found) {
      for (const toxic of proxy.toxics) {
        await this.removeToxic(proxy.name, toxic.name);
        toxics += 1;
      }
    }
    for (const proxy of found) await this.removeProxy(proxy.name);
    return { proxies: found.length, toxics };
  }

  #path(proxy: string): string {
    return `${this.url}/proxies/${encodeURIComponent(proxy)}`;
  }

  async #remove(what: string, path: string): Promise<void> {
    // The client tells a status by the words of its message only.
    await this.#call(what, () =>
      this.#client
        .getApi()
        .delete(path)
        .catch((error: unknown) => {
          if (!reasonOf(error).endsWith('status code 404')) throw error;
        }),
    );
  }

  async #call<T>(what: string, act: () => Promise<T>): Promise<T> {
    const over = new AbortController();
    const late = sleep(this.#clock, CALL_TIMEOUT_MS, over.signal).then(() => {
      throw new Error(`no answer within ${CALL_TIMEOUT_MS} ms`);
    });
    try {
      return await Promise.race([act(), late]);
    } catch (error) {
      throw new LabError('TOXIPROXY_FAILED', { url: this.url, reason: `${what}: ${reasonOf(error)}` }, { cause: error });
    } finally {
      // The loser of the race is told to stop waiting; its rejection is expected and nobody's news.
      late.catch(() => {});
      over.abort();
    }
  }
}

/**
 * Steers a server that speaks Toxiproxy's HTTP API: Toxiproxy itself, and our daemon, so that both are asked for the same faults in the same words.
 * `names` says how the proxy of each route is called there.
 */
import { ask } from './http-api.mjs';

export class Toxics {
  #url;
  #names;

  constructor(url, names) {
    this.#url = url;
    this.#names = names;
  }

  /** Puts a toxic on the way down of a route; resolves when the server has answered. What it gives back takes the toxic away. */
  async add(route, type, attributes) {
    const path = `/proxies/${encodeURIComponent(this.#names[route])}/toxics`;
    const { name } = await ask(this.#url, 'POST', path, { type, stream: 'downstream', attributes });
    return () => ask(this.#url, 'DELETE', `${path}/${encodeURIComponent(name)}`);
  }

  /** Creates proxies, all in one request. */
  async populate(proxies) {
    await ask(this.#url, 'POST', '/populate', proxies);
  }

  async create(proxy) {
    await ask(this.#url, 'POST', '/proxies', proxy);
  }

  async remove(name) {
    await ask(this.#url, 'DELETE', `/proxies/${encodeURIComponent(name)}`);
  }
}

/** Measures that put faults on a subject leave the others out. */
export const hasToxics = ({ toxics }) => toxics !== undefined;

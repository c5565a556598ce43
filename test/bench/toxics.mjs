/**
 * Steers a server that speaks Toxiproxy's HTTP API: Toxiproxy itself, and our daemon, so that both are asked for the same faults in the same words.
 * `names` says how the proxy of each route is called there.
 */
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
    const { name } = await this.#ask('POST', path, { type, stream: 'downstream', attributes });
    return () => this.#ask('DELETE', `${path}/${encodeURIComponent(name)}`);
  }

  /** Creates proxies, all in one request. */
  async populate(proxies) {
    await this.#ask('POST', '/populate', proxies);
  }

  async create(proxy) {
    await this.#ask('POST', '/proxies', proxy);
  }

  async remove(name) {
    await this.#ask('DELETE', `/proxies/${encodeURIComponent(name)}`);
  }

  /** A connection for each request: one that is kept would keep the benchmark from ending. */
  async #ask(method, path, body) {
    const headers = { connection: 'close', 'content-type': 'application/json' };
    const response = await fetch(new URL(path, this.#url), { method, headers, body: JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path} was answered with ${response.status}: ${text.trim()}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** Measures that put faults on a subject leave the others out. */
export const hasToxics = ({ toxics }) => toxics !== undefined;

/**
 * The daemon's proxies as Toxiproxy's API sees them: the same ones, in its shapes and by its rules of what is checked first, what is kept and
 * what starts anew. Proxies made here close in full when one side closes; those of others keep their ways.
 */
import { LabError } from '../../core/errors.js';
import { type Address, formatAddress } from '../../dataplane/address.js';
import type { Daemon, ProxyStatus } from '../../dataplane/daemon.js';
import { ApiError, apiErrorOf, proxyExists } from './api-error.js';
import type { GoValue } from './json-scanner.js';
import { objectText, stringText } from './json-text.js';
import { bindText, isAnyInterface, isSameListen, resolveListen } from './listen-address.js';
import { TOXICS_RUN, type Toxic, Toxics, toxicText } from './toxics.js';

export interface ProxyRequest {
  name: string;
  /** Resolved when the proxy starts, names of hosts and of services (`localhost:http-alt`). */
  listen: string;
  /** Kept as it is written. Its host is resolved for each connection; a service in the place of its port is not known, and such a dial fails. */
  upstream: string;
  enabled: boolean;
  /** Only in a config file: bodies of toxics. */
  toxics?: readonly GoValue[];
}

/** Toxiproxy's view of one proxy, taken at one moment. */
export interface ProxyView extends ProxyRequest {
  texts: readonly string[];
}

const BIND_FAILURES: Readonly<Record<string, string>> = {
  EADDRINUSE: 'address already in use',
  EADDRNOTAVAIL: 'cannot assign requested address',
  EACCES: 'permission denied',
};
/** What a host without IPv6 says when every interface of both families is to be bound. */
const NO_IPV6 = new Set(['EAFNOSUPPORT', 'EADDRNOTAVAIL', 'EINVAL']);

export class ProxyCollection {
  readonly toxics: Toxics;
  readonly #daemon: Daemon;

  constructor(daemon: Daemon, seed = 0) {
    this.#daemon = daemon;
    this.toxics = new Toxics(daemon, seed);
  }

  /** Throws PROXY_UNKNOWN. */
  view(name: string): ProxyView {
    return this.#viewOf(this.#daemon.proxy(name));
  }

  /** Sorted by name, byte by byte. */
  all(): readonly ProxyView[] {
    const views = this.#daemon.proxies().map((status) => this.#viewOf(status));
    return views.sort((a, b) => Buffer.compare(Buffer.from(a.name), Buffer.from(b.name)));
  }

  async create(request: ProxyRequest): Promise<ProxyView> {
    if (this.#daemon.hasProxy(request.name)) throw proxyExists();
    if (!request.enabled) return this.#viewOf(await this.#create(request, request.listen));
    const address = await resolved(request.listen, 'listen tcp: ');
    return this.#viewOf(await binding(address, (listen) => this.#create(request, listen)));
  }

  async update(name: string, given: Partial<ProxyRequest>): Promise<ProxyView> {
    const before = this.#daemon.proxy(name);
    const { listen = before.listen, upstream = before.upstream, enabled = before.enabled } = given;
    const address = await resolved(listen);
    const keeps = before.enabled && isSameListen(address, before.listen);
    if (!enabled) {
      const isSame = isSameListen(address, before.listen) || listen === before.listen;
      return this.#viewOf(await this.#daemon.updateProxy(name, { enabled, upstream, ...(!isSame && { listen }) }));
    }
    try {
      const start = (bound?: string) => this.#daemon.updateProxy(name, { enabled, upstream, listen: bound });
      return this.#viewOf(keeps ? await start() : await binding(address, start));
    } catch (error) {
      // It is left disabled, with the address as it was written.
      if (this.#daemon.hasProxy(name) && !keeps) await this.#daemon.updateProxy(name, { enabled: false, listen });
      throw error;
    }
  }

  async remove(name: string): Promise<void> {
    await this.#daemon.removeProxy(name);
  }

  /** Every proxy enabled, every toxic gone. The first that cannot be enabled stops it. */
  async reset(): Promise<void> {
    for (const { name, enabled, listen } of this.#daemon.proxies()) {
      if (!enabled) await this.update(name, { listen, enabled: true });
      this.toxics.removeAll(name);
    }
  }

  /** In order; proxies that are there already and the same are left as they are. What was done before a failure comes with it. */
  async populate(requests: readonly ProxyRequest[]): Promise<{ done: readonly ProxyView[]; failure: ApiError | undefined }> {
    const done: ProxyView[] = [];
    for (const request of requests) {
      try {
        const { view, isNew } = await this.#createOrReplace(request);
        // An entry of the same name that stood before this one was stopped for it.
        if (isNew) for (const [i, earlier] of done.entries()) if (earlier.name === view.name) done[i] = { ...earlier, enabled: false };
        done.push(view);
      } catch (error) {
        const failure = apiErrorOf(error);
        if (failure === undefined) throw error;
        return { done, failure };
      }
    }
    return { done, failure: undefined };
  }

  async #createOrReplace(request: ProxyRequest): Promise<{ view: ProxyView; isNew: boolean }> {
    const { name } = request;
    if (!this.#daemon.hasProxy(name)) return { view: await this.#createWithToxics(request), isNew: true };
    const before = this.#daemon.proxy(name);
    const address = await resolved(request.listen);
    if (isSameListen(address, before.listen) && request.upstream === before.upstream) return { view: this.view(name), isNew: false };
    // Before anything is lost: refused later, the old one could not be put back either.
    this.#daemon.refuseBesides(TOXICS_RUN);
    const toxics = this.toxics.list(name);
    await this.#daemon.removeProxy(name);
    try {
      return { view: await this.#createWithToxics(request), isNew: true };
    } catch (error) {
      await this.#restoreStopped(before, toxics);
      throw error;
    }
  }

  async #createWithToxics(request: ProxyRequest): Promise<ProxyView> {
    const created = await this.create(request);
    if (request.toxics === undefined) return created;
    try {
      for (const toxic of request.toxics) this.toxics.add(request.name, toxic);
    } catch (error) {
      // With all of its toxics, or not at all.
      await this.#daemon.removeProxy(request.name);
      throw error;
    }
    return this.view(request.name);
  }

  /** The replacement could not be started: the old one stays, stopped. */
  async #restoreStopped(before: ProxyStatus, toxics: readonly Toxic[]): Promise<void> {
    if (this.#daemon.hasProxy(before.name)) await this.#daemon.removeProxy(before.name);
    await this.#create({ ...before, enabled: false }, before.listen);
    for (const toxic of toxics) this.toxics.put(before.name, toxic);
  }

  #create({ name, upstream, enabled }: ProxyRequest, listen: string): Promise<ProxyStatus> {
    this.#daemon.refuseBesides(TOXICS_RUN);
    return this.#daemon.createProxy({ name, protocol: 'tcp', listen, upstream, enabled, halfClose: false, record: true, protected: false });
  }

  #viewOf({ name, listen, upstream, enabled }: ProxyStatus): ProxyView {
    // A listener on every interface is shown as Go shows it.
    const isBoundToAny = enabled && /^:\d+$/.test(listen);
    return { name, listen: isBoundToAny ? `[::]${listen}` : listen, upstream, enabled, texts: this.toxics.list(name).map(toxicText) };
  }
}

export function proxyText({ name, listen, upstream, enabled, texts }: ProxyView): string {
  return objectText([
    ['name', stringText(name)],
    ['listen', stringText(listen)],
    ['upstream', stringText(upstream)],
    ['enabled', String(enabled)],
    // An accident of Toxiproxy's that its clients have seen since 2.5.
    ['Logger', '{}'],
    ['toxics', `[${texts.join(',')}]`],
  ]);
}

async function resolved(listen: string, prefix = ''): Promise<Address> {
  try {
    return await resolveListen(listen);
  } catch (error) {
    throw new ApiError(500, `${prefix}${(error as Error).message}`);
  }
}

/** Binds, on every interface in both families if the host has both, and tells of a failure as Go does. */
async function binding(address: Address, bind: (listen: string) => Promise<ProxyStatus>): Promise<ProxyStatus> {
  try {
    return await bind(bindText(address)).catch((error: unknown) => {
      if (!isAnyInterface(address) || address.host === '::' || !NO_IPV6.has(codeOf(error) ?? '')) throw error;
      return bind(formatAddress({ ...address, host: '0.0.0.0' }));
    });
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const where = 'path' in address ? `unix ${address.path}` : `tcp ${formatAddress(address)}`;
    throw new ApiError(500, `listen ${where}: bind: ${BIND_FAILURES[code] ?? code}`);
  }
}

/** The system's code of a failure to listen. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof LabError) || error.code !== 'LISTEN_FAILED') return undefined;
  return (error.cause as NodeJS.ErrnoException | undefined)?.code ?? 'EINVAL';
}

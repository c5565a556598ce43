/** The experiment that is being put together from a Chaos Toolkit one: services by address, links, steps in order, and what was left out. */
import { Names } from '../../names.js';

export class Draft {
  readonly inputs = new Map<string, Record<string, unknown>>();
  readonly steps: Record<string, unknown>[] = [];
  readonly leftOut: string[] = [];
  /** It runs programs. */
  executes = false;
  readonly #names = new Names();
  readonly #stepNames = new Names();
  /** What is known of it → the service's name. */
  readonly #services = new Map<string, string>();
  readonly #described = new Map<string, Record<string, unknown>>();
  readonly #links = new Map<string, { to: string; listen?: string }>();
  readonly #app: string;
  #last: string | undefined;

  constructor() {
    this.#names.fresh('load');
    this.#app = this.#names.fresh('app');
  }

  leaveOut(what: string): void {
    this.leftOut.push(what);
  }

  /** The service at that address. */
  serviceAt(address: string, protocol: 'tcp' | 'http'): string {
    return this.#service(address, address.replace(/:\d+$/, ''), { protocol, address });
  }

  /** The service behind a Toxiproxy proxy. An address that the file does not say becomes an input without a default. */
  serviceBehind(proxy: string, { upstream, listen }: { upstream?: string | undefined; listen?: string | undefined } = {}): string {
    const input = `${proxy.replace(/[^A-Za-z0-9]+/g, '-')}-address`;
    const isNew = !this.#services.has(`proxy ${proxy}`);
    const service = this.#service(`proxy ${proxy}`, proxy, { protocol: 'tcp', address: upstream ?? `\${inputs.${input}}` });
    if (isNew && upstream === undefined)
      this.inputs.set(input, { type: 'string', description: `host:port behind Toxiproxy's proxy ${proxy}` });
    if (isNew) this.#links.set(service, { to: service, ...(listen !== undefined && { listen }) });
    return service;
  }

  /** Behind all that was added before, unless it was to go on in the background. */
  addStep(name: string, step: Record<string, unknown>, { isBackground = false }: { isBackground?: boolean } = {}): void {
    const fresh = this.#stepNames.fresh(name);
    this.steps.push({ name: fresh, ...(this.#last !== undefined && { startAfter: this.#last }), ...step });
    if (!isBackground) this.#last = fresh;
  }

  /** Target of a fault on the way to a service. */
  target(service: string): { from: string; to: string } {
    return { from: this.#app, to: service };
  }

  topology(): Record<string, unknown> {
    const isCalled = this.#links.size > 0;
    const services = { ...(isCalled && { [this.#app]: {} }), ...Object.fromEntries(this.#described) };
    // An experiment needs somebody to look at.
    const described =
      Object.keys(services).length > 0 ? services : { [this.#app]: { instances: [{ name: `${this.#app}-1`, address: '127.0.0.1:8080' }] } };
    return {
      services: described,
      ...(isCalled && {
        links: [...this.#links.values()].map(({ to, listen }, i) => ({ from: this.#app, to, listen: listen ?? `127.0.0.1:${15_001 + i}` })),
      }),
    };
  }

  #service(key: string, name: string, { protocol, address }: { protocol: string; address: string }): string {
    const known = this.#services.get(key);
    if (known !== undefined) return known;
    const service = this.#names.fresh(name);
    this.#services.set(key, service);
    this.#described.set(service, { ...(protocol !== 'tcp' && { protocol }), instances: [{ name: `${service}-1`, address }] });
    return service;
  }
}

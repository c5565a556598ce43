/** The gateway of a daemon, if it has one: it leads to the daemon's proxies by their names, wherever these listen at the moment. */
import { z } from 'zod';
import { addressProblem, parseAddress } from '../dataplane/address.js';
import type { Daemon } from '../dataplane/daemon.js';
import { Gateway } from '../gateway/gateway.js';
import type { RelayHost } from '../gateway/relay.js';
import { type Route, routesSchema } from '../gateway/routes.js';

const hostPort = z.string().superRefine((text, context) => {
  const problem = text.startsWith('unix:') ? 'expected host:port: a gateway has no path' : addressProblem(text);
  if (problem !== undefined) context.addIssue({ code: 'custom', message: problem });
});

export const gatewaySchema = z.strictObject({
  listen: hostPort
    .optional()
    .meta({ description: 'where callers connect; where it listens already, else any free port of 127.0.0.1, if omitted' }),
  routes: routesSchema.meta({ description: 'all routes; the most exact one takes a request' }),
  run: z.string().min(1).max(200).default('by-hand').meta({ description: 'who asks' }),
});

export interface GatewayStatus {
  /** `null`: there is none. */
  listen: string | null;
  routes: readonly Route[];
}

const LISTEN_DEFAULT = '127.0.0.1:0';

export class GatewayKeeper implements AsyncDisposable {
  readonly #daemon: Daemon;
  #open: { gateway: Gateway; asked: string } | undefined;
  /** Changes happen one after the other. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(daemon: Daemon) {
    this.#daemon = daemon;
  }

  status(): GatewayStatus {
    return { listen: this.#open?.gateway.address ?? null, routes: this.#open?.gateway.routes ?? [] };
  }

  /** Opens it, moves it, or gives it other routes. Rejects with LISTEN_FAILED, and is closed then; with RUN_ACTIVE while another run holds the daemon. */
  set({ listen, routes, run }: z.output<typeof gatewaySchema>): Promise<GatewayStatus> {
    return this.#inTurn(async () => {
      this.#daemon.refuseBesides(run);
      const asked = listen ?? this.#open?.asked ?? LISTEN_DEFAULT;
      if (this.#open?.asked !== asked) await this.#listen(asked);
      this.#open?.gateway.setRoutes(routes);
      return this.status();
    });
  }

  /** Cuts what goes through it. Throws RUN_ACTIVE while another run holds the daemon. */
  close(run: string): Promise<void> {
    return this.#inTurn(() => {
      this.#daemon.refuseBesides(run);
      return this.#close();
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#inTurn(() => this.#close());
  }

  async #listen(asked: string): Promise<void> {
    await this.#close();
    const gateway = new Gateway({ clock: this.#daemon.clock, addressOf: (link) => this.#addressOf(link) });
    await gateway.listen(parseAddress(asked) as RelayHost);
    this.#open = { gateway, asked };
  }

  async #close(): Promise<void> {
    const open = this.#open;
    this.#open = undefined;
    await open?.gateway[Symbol.asyncDispose]();
  }

  #addressOf(link: string): RelayHost | undefined {
    if (!this.#daemon.hasProxy(link)) return undefined;
    const { enabled, listen } = this.#daemon.proxy(link);
    const address = parseAddress(listen);
    return enabled && 'port' in address ? address : undefined;
  }

  #inTurn<T>(act: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(act);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

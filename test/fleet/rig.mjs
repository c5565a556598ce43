/**
 * A fleet in a world of its own: etcd on three hosts, and on each of the others an agent beside a web server that is under test. Whoever calls is at the hub, so
 * the link to each server is carried by the agent beside it, at an address that the caller knows.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { Etcd } from '../support/fleet/etcd.mjs';
import { World } from '../support/fleet/world.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
export const MAIN = join(root, 'dist', 'main.js');
const CALLER = fileURLToPath(new URL('programs/caller.mjs', import.meta.url));
const SERVER_PORT = 8080;
export const LINK_PORT = 15_000;
const READY_WITHIN_MS = 90_000;

const nginxConf = (folder, address) => `
daemon off; master_process off; error_log stderr crit; pid ${folder}/pid; events { worker_connections 64; }
http { access_log off; client_body_temp_path ${folder}; proxy_temp_path ${folder}; fastcgi_temp_path ${folder}; uwsgi_temp_path ${folder}; scgi_temp_path ${folder};
server { listen ${address}:${SERVER_PORT}; location / { return 200 "ok"; } } }`;

export class FleetRig {
  /** @type {World} */
  world;
  /** @type {Etcd} */
  etcd;
  /** Of the hosts with an agent. @type {readonly string[]} */
  names;
  /** By name of the host. @type {Map<string, import('../support/fleet/place.mjs').Started>} */
  agents = new Map();
  /** For whatever the test writes. @type {string} */
  folder;

  constructor({ world, etcd, names, folder }) {
    this.world = world;
    this.etcd = etcd;
    this.names = names;
    this.folder = folder;
  }

  /** The first half of the hosts is in zone a, the rest in zone b. @param {number} count of hosts with an agent @param {{ members?: number }} [given] of etcd */
  static async start(count, { members = 3 } = {}) {
    const etcdHosts = Array.from({ length: members }, (_, i) => `etcd-${i + 1}`);
    const names = Array.from({ length: count }, (_, i) => `host-${i + 1}`);
    const folder = mkdtempSync(join(tmpdir(), 'faultlab-fleet-'));
    const world = await World.create([...etcdHosts, ...names]);
    try {
      const etcd = await Etcd.start({ places: etcdHosts.map((name) => world.host(name)) });
      const rig = new FleetRig({ world, etcd, names, folder });
      for (const name of names) {
        rig.#startServer(name);
        rig.startAgent(name);
      }
      for (const name of names) await rig.untilReady(name);
      return rig;
    } catch (error) {
      await world[Symbol.asyncDispose]();
      throw error;
    }
  }

  #startServer(name) {
    const folder = join(this.folder, `nginx-${name}`);
    const host = this.world.host(name);
    mkdirSync(folder);
    writeFileSync(join(folder, 'nginx.conf'), nginxConf(folder, host.address));
    host.start(['nginx', '-p', folder, '-c', join(folder, 'nginx.conf')]);
  }

  get etcdWords() {
    return ['--etcd', this.etcd.endpoints.join(',')];
  }

  /** @param {string} name of its host @param {readonly string[]} [more] words for it */
  startAgent(name, more = []) {
    const host = this.world.host(name);
    const words = [
      '--name',
      name,
      '--label',
      `zone=${this.zoneOf(name)}`,
      '--host',
      host.address,
      '--state',
      join(this.folder, name),
      '--json',
    ];
    this.agents.set(name, host.start([process.execPath, MAIN, 'agent', ...this.etcdWords, ...words, ...more]));
  }

  /** Ends it as it wants to end, and starts it again with these words. @param {string} name of its host @param {readonly string[]} more */
  async restartAgent(name, more) {
    const before = this.agents.get(name);
    before.signal('SIGTERM');
    await before.exited;
    this.startAgent(name, more);
    await this.untilReady(name);
  }

  /** All events of the newest run, requests too. */
  async journal() {
    const of = (path) => import(pathToFileURL(join(root, 'dist', path)).href);
    const [{ listRuns, RunFolder }, { readJournal }] = await Promise.all([of('journal/store.js'), of('journal/reader.js')]);
    const runs = join(this.folder, 'runs');
    const [newest] = await listRuns(runs);
    return (await readJournal(new RunFolder(runs, newest).journal)).events;
  }

  /** @param {string} name */
  async untilReady(name) {
    await this.agents.get(name).line((line) => line.includes('"ready"'), READY_WITHIN_MS);
  }

  /** @param {string} name */
  zoneOf(name) {
    return this.names.indexOf(name) < this.names.length / 2 ? 'a' : 'b';
  }

  /** `host:port` of the link to the server of each host, in order. */
  get links() {
    return this.names.map((name) => `${this.world.host(name).address}:${LINK_PORT}`);
  }

  /** What a plan says of who there is. @param {Record<string, string>} [policy] of the fleet */
  topology(policy = {}) {
    const instances = this.names.map((name, i) => {
      const labels = { zone: this.zoneOf(name) };
      return { name: `web-${i + 1}`, address: `${this.world.host(name).address}:${SERVER_PORT}`, labels, agents: { name } };
    });
    return {
      services: { client: { protocol: 'http' }, web: { protocol: 'http', instances } },
      links: [{ from: 'client', to: 'web', listen: this.links }],
      proxies: { driver: 'fleet', ...policy },
    };
  }

  /** `faultlab` at the hub. @param {readonly string[]} words */
  faultlab(words) {
    return this.world.hub.start([process.execPath, MAIN, ...words], { env: { FAULTLAB_HOME: join(this.folder, 'home') } });
  }

  /** Carries a plan out; `plan` is JSON, which is YAML. */
  run(plan, words = []) {
    const file = join(this.folder, 'plan.yaml');
    writeFileSync(file, JSON.stringify(plan));
    const out = ['--out', join(this.folder, 'runs'), '--fleet-host', this.world.hub.address, '--json'];
    return this.faultlab(['run', file, ...this.etcdWords, ...out, ...words]);
  }

  /** Requests to all links in turn, so many a second, from the hub; each answer is a line `TIME LINK STATUS`, 0 where there was none. */
  call(ratePerSecond) {
    return this.callFrom(this.world.hub, ratePerSecond, this.links);
  }

  /** The same from another host, to some of them. @param {import('../support/fleet/place.mjs').Place} place @param {number} ratePerSecond @param {readonly string[]} links */
  callFrom(place, ratePerSecond, links) {
    return place.start([process.execPath, CALLER, String(ratePerSecond), ...links]);
  }

  async [Symbol.asyncDispose]() {
    await this.etcd[Symbol.asyncDispose]();
    await this.world[Symbol.asyncDispose]();
    rmSync(this.folder, { recursive: true, force: true });
  }
}

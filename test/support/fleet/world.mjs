/**
 * A world of its own for a test: hosts with an address each on one bridge, in network namespaces that nobody outside sees. All of it hangs on one process
 * that ends with its standard input: when the test is gone, however it went, the kernel ends every program in there and forgets the namespaces. What a
 * reader would get wrong: nothing has to be taken down, and nothing may be put up outside.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Place } from './place.mjs';

const NET = '10.99';
const HUB = `${NET}.0.1`;
const HOSTS_MAX = 250;
const WORLD = ['--net', '--pid', '--mount'];

/** Why there can be no world here; undefined where there can. */
export function whyNoWorld() {
  if (process.platform !== 'linux') return 'network namespaces are Linux’';
  if (process.getuid?.() !== 0) return 'network namespaces need root';
  const { error, status, stderr } = spawnSync('unshare', [...WORLD, '--fork', 'ip', 'link', 'add', 'hub', 'type', 'bridge']);
  return error?.message ?? (status === 0 ? undefined : `no bridge can be made here: ${stderr}`);
}

function setUp(names) {
  const hosts = names.flatMap((name, i) => [
    `ip netns add ${name}`,
    `ip link add v${i} type veth peer name eth0 netns ${name}`,
    `ip link set v${i} master hub up`,
    `ip -n ${name} addr add ${addressOf(i)}/16 dev eth0`,
    `ip -n ${name} link set eth0 up`,
    `ip -n ${name} link set lo up`,
  ]);
  const own = ['mkdir -p /run/netns', 'mount -t tmpfs tmpfs /run/netns', 'ip link set lo up', 'ip link add hub type bridge'];
  const hub = ['ip link set hub up', `ip addr add ${HUB}/16 dev hub`];
  return [...own, ...hub, ...hosts].join(' && ');
}

function addressOf(i) {
  return `${NET}.1.${i + 1}`;
}

export class World {
  /** The bridge's own host: reaches all, and cannot be cut off. */
  hub;
  /** @type {readonly Place[]} */
  hosts;
  #holder;

  constructor(holder, init, names) {
    this.#holder = holder;
    const enter = ['nsenter', '--target', `${init}`, ...WORLD, '--'];
    this.hub = new Place({ name: 'hub', address: HUB, wrap: enter });
    this.hosts = names.map((name, i) => new Place({ name, address: addressOf(i), wrap: [...enter, 'ip', 'netns', 'exec', name] }));
  }

  /** @param {readonly string[]} names of the hosts: letters, digits and dashes */
  static async create(names) {
    if (names.length > HOSTS_MAX) throw new Error(`a world has room for ${HOSTS_MAX} hosts`);
    // The shell is the first process of the world: it takes in whom others leave behind, and ends when the pipe to it does.
    const script = `${setUp(names)} && echo ready; while read -r _; do :; done`;
    const holder = spawn('unshare', [...WORLD, '--mount-proc', '--fork', '--kill-child', 'bash', '-c', script], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const line = once(createInterface({ input: holder.stdout }), 'line');
    await Promise.race([line, once(holder, 'exit').then(() => Promise.reject(new Error('no world could be made')))]);
    const init = readFileSync(`/proc/${holder.pid}/task/${holder.pid}/children`, 'latin1').split(' ')[0];
    return new World(holder, init, names);
  }

  /** @param {string} name */
  host(name) {
    const found = this.hosts.find((host) => host.name === name);
    if (found === undefined) throw new Error(`no host ${name} in this world`);
    return found;
  }

  /** Not a frame of its comes through any more, either way, and nobody is told; it goes on running. @param {string} name */
  async cutOff(name) {
    await this.#port(name, '0');
  }

  /** @param {string} name */
  async rejoin(name) {
    await this.#port(name, '3');
  }

  /** The hub and this host hear nothing of each other any more, and nobody is told; the host goes on reaching all others. @param {string} name */
  async cutFromHub(name) {
    await this.hub.run(['ip', 'route', 'add', 'blackhole', `${this.host(name).address}/32`]);
  }

  /** @param {string} name */
  async rejoinHub(name) {
    await this.hub.run(['ip', 'route', 'del', 'blackhole', `${this.host(name).address}/32`]);
  }

  /** 0: the bridge takes nothing of this port, 3: everything. */
  async #port(name, state) {
    const i = this.hosts.indexOf(this.host(name));
    await this.hub.run(['bridge', 'link', 'set', 'dev', `v${i}`, 'state', state]);
  }

  async [Symbol.asyncDispose]() {
    const exited = once(this.#holder, 'exit');
    this.#holder.stdin.end();
    await exited;
  }
}

/**
 * Real etcd, one member or a cluster, for tests and benchmarks: on loopback with ports of its own, or on hosts of a world. A member can be killed,
 * paused and started again with the data that it had.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePorts } from '../../bench/address.mjs';
import { whereIs } from '../../bench/installed.mjs';
import { loopback } from './place.mjs';

const LEADER_TRIES = 400;
const RETRY_MS = 50;

/** Undefined where it is not installed. */
export const etcdProgram = whereIs('etcd');

/** @typedef {{ certificate: string, key: string, authority: string }} TlsFiles paths of PEM files: what members show, and who has signed it */

export class Etcd {
  /** URLs for clients, one a member. @type {readonly string[]} */
  endpoints;
  #members;
  #folder;
  #tls;

  constructor(members, folder, tls) {
    this.#members = members;
    this.#folder = folder;
    this.#tls = tls;
    this.endpoints = members.map((member) => member.url);
  }

  /**
   * Resolves when there is a leader. `places`: where the members are; `ports`: two for each, any free ones if omitted.
   * @param {{ places?: readonly import('./place.mjs').Place[], ports?: readonly number[], tls?: TlsFiles }} [given]
   */
  static async start({ places = [loopback], ports: given, tls } = {}) {
    const folder = mkdtempSync(join(tmpdir(), 'faultlab-etcd-'));
    const ports = given ?? (await freePorts(2 * places.length));
    const scheme = tls === undefined ? 'http' : 'https';
    const members = places.map((place, i) => ({
      name: `n${i + 1}`,
      place,
      url: `${scheme}://${place.address}:${ports[2 * i]}`,
      peerUrl: `http://${place.address}:${ports[2 * i + 1]}`,
      started: undefined,
    }));
    const etcd = new Etcd(members, folder, tls);
    try {
      for (let i = 0; i < members.length; i++) etcd.restart(i);
      await etcd.leader();
    } catch (error) {
      await etcd[Symbol.asyncDispose]();
      throw error;
    }
    return etcd;
  }

  /** Of the members, as far as they run. @type {readonly number[]} */
  get pids() {
    return this.#members.flatMap(({ started }) => started?.pid ?? []);
  }

  /** One request to a member, by curl from where it is, so that this process need not be able to reach it. @param {string} path @param {unknown} body */
  async ask(path, body = {}, { member = 0, token = '' } = {}) {
    const { place, url } = this.#members[member];
    const trust = this.#tls === undefined ? [] : ['--cacert', this.#tls.authority];
    const words = ['curl', '-sS', '-m', '5', ...trust, '-H', `authorization: ${token}`, '-d', JSON.stringify(body), url + path];
    return JSON.parse((await place.run(words)).stdout);
  }

  /** Number of the member that leads, as a majority of the others sees it. */
  async leader() {
    for (let n = 0; n < LEADER_TRIES; n++) {
      const seen = await Promise.all(this.#members.map((_, member) => this.#status(member)));
      const votes = seen.filter((status) => status?.leader !== undefined && status.leader !== '0');
      const leader = seen.findIndex((status) => status?.id !== undefined && votes.some((vote) => vote.leader === status.id));
      if (leader >= 0 && votes.filter((vote) => vote.leader === seen[leader].id).length > this.#members.length / 2) return leader;
      await sleep(RETRY_MS);
    }
    throw new Error(`etcd has no leader: ${this.#members.map(({ started }) => started?.stderr() ?? '').join('\n')}`);
  }

  async #status(member) {
    try {
      const { header, leader } = await this.ask('/v3/maintenance/status', {}, { member });
      return { id: header?.member_id, leader };
    } catch {
      return undefined;
    }
  }

  /** Figures of a member's `/metrics`, by name; of a family with labels, the sum. */
  async figures(member = 0) {
    const { place, url } = this.#members[member];
    const { stdout } = await place.run(['curl', '-sS', '-k', '-m', '5', `${url}/metrics`]);
    const sums = new Map();
    for (const [, name, value] of stdout.matchAll(/^(\w+)(?:\{.*\})? (\S+)$/gm)) sums.set(name, (sums.get(name) ?? 0) + Number(value));
    return sums;
  }

  /** Creates users, each with every right, and wants a password from then on. @param {Readonly<Record<string, string>>} users name → password, `root` among them */
  async wantPasswords(users) {
    await this.ask('/v3/auth/role/add', { name: 'root' });
    for (const [name, password] of Object.entries(users)) {
      await this.ask('/v3/auth/user/add', { name, password });
      await this.ask('/v3/auth/user/grant', { user: name, role: 'root' });
    }
    await this.ask('/v3/auth/enable');
  }

  /** SIGKILL. @param {number} member */
  async kill(member) {
    await this.#members[member].started[Symbol.asyncDispose]();
  }

  /** SIGSTOP; `resume` lets it go on. @param {number} member */
  pause(member) {
    this.#members[member].started.signal('SIGSTOP');
  }

  /** @param {number} member */
  resume(member) {
    this.#members[member].started.signal('SIGCONT');
  }

  /** Starts a member with the data that it had, if any; does not wait for it. @param {number} member */
  restart(member) {
    const { name, place, url, peerUrl } = this.#members[member];
    const cluster = this.#members.map((one) => `${one.name}=${one.peerUrl}`).join(',');
    const tls = this.#tls === undefined ? [] : ['--cert-file', this.#tls.certificate, '--key-file', this.#tls.key];
    const own = ['--name', name, '--data-dir', join(this.#folder, name), '--log-level', 'error', '--logger', 'zap'];
    const clients = ['--listen-client-urls', url, '--advertise-client-urls', url];
    const peers = ['--listen-peer-urls', peerUrl, '--initial-advertise-peer-urls', peerUrl, '--initial-cluster', cluster];
    this.#members[member].started = place.start([etcdProgram, ...own, ...clients, ...peers, ...tls]);
  }

  async [Symbol.asyncDispose]() {
    await Promise.all(this.#members.map(({ started }) => started?.[Symbol.asyncDispose]()));
    rmSync(this.#folder, { recursive: true, force: true });
  }
}

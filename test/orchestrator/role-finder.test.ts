// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the language’s own templates are what is tested
/** Three real servers, of which one says that it leads; who that is can change. */
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hostClock } from '../../src/core/clock.js';
import { shippedCatalogs } from '../../src/experiment/catalogs.js';
import type { NewEvent } from '../../src/journal/events.js';
import { RoleFinder } from '../../src/orchestrator/role-finder.js';
import { planText } from '../support/experiment.js';
import { probing } from '../support/probing.js';

const NODES = ['n-1', 'n-2', 'n-3'];
const experiment = (role: string, rest: string): string => `apiVersion: faultlab/v1
kind: Experiment
metadata: {name: leaders}
seed: 7
topology:
  services:
    api: {protocol: http, argv: [node, api.js]}
    nodes: {protocol: http, instances: [${NODES.join(', ')}], argv: [node, node.js]}
  links: [{from: api, to: nodes}, {from: nodes, to: nodes}]
  roles:
    leader: {service: nodes, within: 300ms, ${role}}
method:
  - name: cut
    fault: {type: partition, ${rest}, duration: 4s}
`;
const HTTP = 'probe: {type: http, path: /role, jsonpath: "$.role", expect: leader}';
const ISOLATED = 'among: nodes, shape: one, select: {role: leader}';

let leaders: readonly string[];
let servers: readonly Server[];
beforeEach(async () => {
  leaders = ['n-2'];
  servers = NODES.map((name) =>
    createServer((_request, response) => response.end(JSON.stringify({ role: leaders.includes(name) ? 'leader' : 'follower' }))).listen(
      0,
      '127.0.0.1',
    ),
  );
  await Promise.all(servers.map((server) => once(server, 'listening')));
});
afterEach(() => {
  for (const server of servers) server.close();
});

function finderFor(role: string, rest: string) {
  const plan = planText(experiment(role, rest), {}, shippedCatalogs);
  const noted: NewEvent[] = [];
  const portNumbers = servers.map((server) => (server.address() as AddressInfo).port);
  const addressOf = (name: string): string => `127.0.0.1:${portNumbers[NODES.indexOf(name)]}`;
  const ports = {
    clock: hostClock,
    probing: probing({
      addresses: (target) => [addressOf(target)],
      instances: () => NODES.map((name) => ({ name, address: addressOf(name), readyPath: undefined, process: undefined, restarts: 0 })),
    }),
    fill: (text: string, instance: string) => text.replace('${self.name}', () => instance),
    note: (event: NewEvent) => noted.push(event),
  };
  const [{ fault } = {}] = plan.steps;
  if (fault === undefined) throw new Error('the step has no fault');
  return { finder: new RoleFinder(ports, plan), fault, noted };
}
const { signal } = new AbortController();

describe('a role', () => {
  it('is held by whoever says so, and the fault comes to no other links', async () => {
    const { finder, fault, noted } = finderFor(HTTP, ISOLATED);
    await finder.freeze(signal);
    const bound = await finder.bind('cut', fault, signal);
    expect(bound.links.toSorted()).toEqual(['n-1->n-2', 'n-2->n-1', 'n-2->n-3', 'n-3->n-2']);
    expect(bound.chosen?.join()).toContain('one: n-2 | ');
    expect(bound).not.toHaveProperty('open');
    expect(noted).toEqual([{ type: 'roleFound', role: 'leader', instances: ['n-2'] }]);
  });

  it('is frozen when the method starts, or asked for live', async () => {
    const frozen = finderFor(HTTP, ISOLATED);
    const live = finderFor(HTTP, `resolve: live, ${ISOLATED}`);
    await Promise.all([frozen.finder.freeze(signal), live.finder.freeze(signal)]);
    leaders = ['n-3'];
    expect((await frozen.finder.bind('cut', frozen.fault, signal)).links).toContain('n-1->n-2');
    expect((await live.finder.bind('cut', live.fault, signal)).links).not.toContain('n-1->n-2');
    expect(live.noted).toEqual([{ type: 'roleFound', role: 'leader', instances: ['n-3'] }]);
  });

  it('may be held by two: one of them is drawn for the shape of one, both for a target', async () => {
    leaders = ['n-1', 'n-3'];
    const one = finderFor(HTTP, ISOLATED);
    await one.finder.freeze(signal);
    expect((await one.finder.bind('cut', one.fault, signal)).links).toHaveLength(4);
    const both = finderFor(HTTP, 'target: {from: api, to: {role: leader}}');
    await both.finder.freeze(signal);
    expect((await both.finder.bind('cut', both.fault, signal)).links).toEqual(['api-1->n-1', 'api-1->n-3']);
  });

  it('is waited for, and no longer than its time', async () => {
    leaders = [];
    const { finder } = finderFor(HTTP, ISOLATED);
    await expect(finder.freeze(signal)).rejects.toMatchObject({
      code: 'TARGET_UNKNOWN',
      message: expect.stringContaining('step cut has no target: nobody was leader within 300 ms'),
    });
    const late = finderFor(HTTP, ISOLATED);
    const frozen = late.finder.freeze(signal);
    leaders = ['n-1'];
    await frozen;
    expect(late.noted).toHaveLength(1);
  });

  it('is no fault’s business that names its target', async () => {
    const { finder, fault, noted } = finderFor(HTTP, 'target: {from: api, to: nodes/n-1}');
    await finder.freeze(signal);
    expect(await finder.bind('cut', fault, signal)).toBe(fault);
    expect(noted).toEqual([]);
  });

  it('may be asked for by a program, for each instance', async () => {
    const argv = `[${process.execPath}, -e, "process.exit(process.argv[1] === 'n-3' ? 0 : 1)", "\${self.name}"]`;
    const { finder, noted } = finderFor(`probe: {type: command, timeout: 10s, argv: ${argv}}`, ISOLATED);
    await finder.freeze(signal);
    expect(noted).toEqual([{ type: 'roleFound', role: 'leader', instances: ['n-3'] }]);
  });
});

import { describe, expect, it } from 'vitest';
import { edited, planText, problemsOf, SMALL } from '../support/experiment.js';

const onLink = (observe: string, text = SMALL): string => edited(text, '{from: web, to: api}', `{from: web, to: api, observe: ${observe}}`);
const onAll = (observe: string, text = SMALL): string => edited(text, 'topology:\n', `topology:\n  observe: ${observe}\n`);
const observed = (text: string): unknown[] => planText(text).links.map(({ observe }) => observe);

describe('what links are told to note', () => {
  it('is told to those that carry HTTP, by the topology', () => {
    const all = { headers: ['x-cart'], answerHeaders: [], routes: ['/orders/{id}'], body: [] };
    expect(observed(onAll('{headers: [X-Cart], routes: ["/orders/{id}"]}'))).toEqual([all, all, undefined, undefined]);
  });

  it('is told by a link before the topology', () => {
    const own = { headers: ['x-order-id'], answerHeaders: [], routes: [], body: [] };
    expect(observed(onLink('{headers: [x-order-id]}', onAll('{headers: [x-cart]}')))).toEqual([own, own, undefined, undefined]);
  });

  it('is headers of requests and answers where the load is told', () => {
    const text = edited(SMALL, 'load:\n', 'load:\n  observe: {headers: [X-Value], answerHeaders: [x-version]}\n');
    expect(planText(text).load?.observe).toEqual({ headers: ['x-value'], answerHeaders: ['x-version'] });
    const [unknown] = problemsOf(edited(SMALL, 'load:\n', 'load:\n  observe: {routes: [/a]}\n'));
    expect(unknown).toContain('load.observe');
  });

  it('is refused where nobody reads requests, and where it would be a secret', () => {
    const [mute] = problemsOf(edited(SMALL, '{from: api, to: db}', '{from: api, to: db, observe: {headers: [x-cart]}}'));
    expect(mute).toContain('topology.links[1].observe: expected a callee that speaks HTTP, found db, which speaks tcp');
    const [secret] = problemsOf(onLink('{headers: [Authorization]}'));
    expect(secret).toContain('one that carries a secret');
  });
});

import { expect, it } from 'vitest';
import { foldJournal } from '../../../src/journal/record.js';
import { victimsTable } from '../../../src/reports/page/victims.js';
import { gameDay } from '../../support/journal.js';

const record = foldJournal(gameDay({ ratePerSecond: 6, pace: 0.1 }).events);

it('says for every fault, link by link, how many it met and how many it hit, as the journal has it', () => {
  const { markup } = victimsTable(record);
  for (const { fault, planned } of record.faults) {
    const met = [...record.exchanges].filter((exchange) => exchange.matched?.includes(fault)).length;
    const hit = [...record.exchanges].filter((exchange) => exchange.applied?.includes(fault)).length;
    const [link = ''] = planned.links;
    expect(markup).toContain(`${link.replace('>', '&gt;')}</td><td class="n">${met}</td><td class="n">${hit}</td>`);
    expect(markup).toContain(planned.summary);
  }
});

it('says nothing where nobody saw the links, and nothing without faults', () => {
  expect(victimsTable({ ...record, faults: [] }).markup).toBe('');
  expect(victimsTable({ ...record, plan: { ...record.plan, linksUnseen: 'a Toxiproxy server does not tell' } }).markup).toBe('');
});

/**
 * Does a resource refuse who no longer holds the lease? A write is stale when its token is below one that was accepted before it came. A
 * resource that no stale write ever reached has shown nothing, so plan one: hold a write until its lease has gone to another.
 */
import { z } from 'zod';
import { defineCheck } from '../check.js';
import { fencingHistory, sharedTokens, type TokenWrite, tokenOf } from '../inference/fencing.js';
import { ownOutcomes } from '../inference/own-outcome.js';
import { dataExchanges, instancesOf } from '../inference/traffic.js';
import { whySummed } from '../rules/fault-of-step.js';
import { fencingRules } from '../rules/fencing-rules.js';
import { foreseeUnnoted } from '../rules/noted-ahead.js';
import { inconclusive, settle } from '../rules/rule.js';

/** Faults that change when a message passes, and nothing of what it says: the answer is still the resource's own. */
const ONLY_WAITS: readonly string[] = ['hold', 'delay', 'latency', 'throttle', 'bandwidth', 'slicer', 'drip', 'noop'];

const status = z.array(z.int().min(100).max(599)).min(1);
const schema = z.strictObject({
  at: z.string().meta({ description: 'the service that must refuse stale writes, as one resource; or one instance of it' }),
  token: z
    .strictObject({
      header: z
        .string()
        .transform((name) => name.toLowerCase())
        .meta({ description: 'request header with a whole number; the link must note it by `observe.headers`' }),
    })
    .meta({ description: 'where the token stands that grows with every new lease' }),
  methods: z.array(z.string()).min(1).default(['POST', 'PUT', 'PATCH', 'DELETE']).meta({ description: 'methods of writes' }),
  accepted: z.strictObject({ status }).optional().meta({ description: 'answers to a write that was done; all 2xx if omitted' }),
  rule: z.literal('monotonic').default('monotonic').meta({ description: 'no write may be accepted after one with a newer token' }),
  overlap: z
    .enum(['none', 'allowed'])
    .default('allowed')
    .meta({ description: '`none`: writes accepted under one token must all come from one caller' }),
  minStale: z.int().min(1).default(1).meta({ description: 'stale writes that must have been refused for the fence to count as tried' }),
  minDemand: z.int().min(2).default(20).meta({ description: 'writes with a token that must have been accepted' }),
});
type Params = z.output<typeof schema>;

export const fencing = defineCheck({
  name: 'fencing',
  summary: 'Demands that a resource refuses writes of who no longer holds the lease: none with an older token than one already accepted.',
  schema,
  example: { at: 'store', token: { header: 'x-epoch' }, overlap: 'none' },
  foresee: ({ at, token }, outlook) => foreseeUnnoted({ at, header: token.header }, outlook),
  evaluate: (params, record) => {
    const { linksUnseen, links } = record.plan;
    if (linksUnseen !== undefined) return inconclusive(`writes to ${params.at} were not seen: ${linksUnseen}`);
    const gone = whySummed(record, record);
    if (gone !== undefined) return inconclusive(gone);
    const at = instancesOf(record, params.at);
    const from = links.filter((link) => at.includes(link.to)).map((link) => link.from);
    // A write that came a second time, late, is as stale as any.
    const seen = dataExchanges(record, { from, to: at, copiesToo: true }).filter((e) => params.methods.includes(e.method));
    const outcomeOf = ownOutcomes(record, { accepted: params.accepted?.status, onlyWait: ONLY_WAITS });
    const writes = seen.flatMap((exchange): TokenWrite[] => {
      const token = tokenOf(exchange.tokens?.[params.token.header]);
      return token === undefined ? [] : [{ exchange, token, outcome: outcomeOf(exchange) }];
    });
    const accepted = writes.filter((write) => write.outcome === 'accepted');
    if (accepted.length < params.minDemand) return inconclusive(tooFew(params, { writes: seen.length, accepted: accepted.length }));
    const bare = seen.filter((e) => tokenOf(e.tokens?.[params.token.header]) === undefined && outcomeOf(e) === 'accepted');
    const history = fencingHistory(writes);
    const shared = sharedTokens(writes);
    const rules = fencingRules({ ...params, history, shared, bare: bare.length, staleMin: params.minStale });
    const worst = [...history.stale].sort((a, b) => Number(b.outcome === 'accepted') - Number(a.outcome === 'accepted'));
    const current = writes.length - history.stale.length;
    return settle(rules, {
      facts: [
        { name: 'writes accepted', value: accepted.length, unit: 'count', samples: writes.length },
        { name: 'tokens accepted', value: new Set(accepted.map((write) => write.token)).size, unit: 'count' },
      ],
      evidence: [
        ...(params.overlap === 'none' ? shared : []).flatMap((token) => token.writes.map((write) => write.exchange.n)),
        ...[...worst, ...history.doubtful].flatMap((write) => [write.exchange.n, write.newer.exchange.n]),
        ...bare.map((e) => e.n),
      ],
      correlation: 'C2',
      alternatives: [
        'another order inside the resource: ruled out for stale writes, the newer one was answered before they had come whole',
        `refusals for another reason: ${accepted.length} of the ${current} writes that were not stale were accepted`,
      ],
    });
  },
});

function tooFew({ at, token, minDemand }: Params, { writes, accepted }: { writes: number; accepted: number }): string {
  return `only ${accepted} of ${writes} writes seen at ${at} carried a whole number in ${token.header} and were accepted; ${minDemand} are needed to judge (do the links note the header, by \`observe.headers\`?)`;
}

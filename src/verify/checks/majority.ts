/**
 * Does who cannot reach a majority of its group refuse to act? Both sides of a partition are well and answer; only one of them may accept what must
 * not be decided twice. Who is on which side is known from the links that the fault cut, not from what anybody says.
 */
import { z } from 'zod';
import { duration, formatMs } from '../../core/units.js';
import { LOAD } from '../../journal/observations.js';
import { defineCheck } from '../check.js';
import { minorityAmong } from '../inference/minority.js';
import { ownOutcomes } from '../inference/own-outcome.js';
import { zeroEventBound } from '../inference/statistics.js';
import { dataExchanges, instancesOf, within } from '../inference/traffic.js';
import { faultOfStep } from '../rules/fault-of-step.js';
import { inconclusive, type Rule, settle } from '../rules/rule.js';
import { formatShare } from '../rules/share.js';

const schema = z.strictObject({
  at: z.string().meta({ description: 'the service of which more than half have to agree' }),
  during: z.string().meta({ description: 'the fault step that parts them' }),
  within: duration()
    .default(0)
    .meta({ description: 'how long after the start of the fault the others may take to notice: as long as a lease lasts' }),
  methods: z.array(z.string()).min(1).default(['POST', 'PUT', 'PATCH', 'DELETE']).meta({ description: 'methods of what must be refused' }),
  accepted: z
    .strictObject({ status: z.array(z.int().min(100).max(599)).min(1) })
    .optional()
    .meta({ description: 'answers by which it is accepted; all 2xx if omitted' }),
  minDemand: z.int().min(1).default(10).meta({ description: 'requests that must have come to those who had to refuse them' }),
});
type Params = z.output<typeof schema>;

export const majority = defineCheck({
  name: 'majority',
  summary: 'Demands that instances which a partition leaves without a majority of their group accept nothing until it ends.',
  schema,
  example: { at: 'quorum', during: 'zone-cut-off', within: '3s' },
  evaluate: (params, record) => {
    const { linksUnseen } = record.plan;
    if (linksUnseen !== undefined) return inconclusive(`requests to ${params.at} were not seen: ${linksUnseen}`);
    const found = faultOfStep(record, params.during);
    if (found.kind === 'unusable') return inconclusive(found.reason, found.evidence);
    const { fault } = found;
    const members = instancesOf(record, params.at);
    const minority = minorityAmong(members, record.plan.links, fault.planned.links);
    if (minority.length === 0) return inconclusive(`"${params.during}" leaves each of ${params.at} a majority`, fault.evidence);
    const callers = record.plan.links.filter(({ from, to }) => minority.includes(to) && !members.includes(from)).map(({ from }) => from);
    const all = dataExchanges(record, { from: [...new Set([...callers, LOAD])], to: minority });
    const asked = within(all, { fromMs: fault.fromMs + params.within, toMs: fault.toMs }).filter(({ method }) =>
      params.methods.includes(method),
    );
    const outcomeOf = ownOutcomes(record, { accepted: params.accepted?.status });
    // What was answered after the end may have been agreed on by then.
    const accepted = asked.filter((exchange) => outcomeOf(exchange) === 'accepted' && exchange.endMs <= fault.toMs);
    return settle([ruleOf(params, { accepted: accepted.length, asked: asked.length, minority, first: accepted.at(0)?.to })], {
      facts: [{ name: 'instances without a majority', value: minority.length, unit: 'count', samples: members.length }],
      evidence: [...accepted.slice(0, 5).map(({ n }) => n), ...fault.evidence],
      alternatives: ['another way to the others: ruled out as far as links tell, all that the plan has between them were cut'],
    });
  },
});

interface Counted {
  accepted: number;
  asked: number;
  minority: readonly string[];
  first: string | undefined;
}

function ruleOf({ during, within: withinMs, minDemand }: Params, { accepted, asked, minority, first }: Counted): Rule {
  const isEnough = asked >= minDemand;
  const met = accepted > 0 ? false : isEnough ? true : null;
  const after = withinMs === 0 ? '' : ` from ${formatMs(withinMs)} on`;
  const who = `${minority.join(', ')}, without a majority during "${during}"${after},`;
  const rest =
    first !== undefined
      ? `; ${first} was the first to`
      : isEnough
        ? `, so less than ${formatShare(zeroEventBound(asked))} are`
        : `; ${minDemand} are needed to judge`;
  return {
    name: 'accepted without a majority',
    value: accepted,
    unit: 'requests',
    samples: asked,
    limit: '<= 0',
    met,
    says: `${who} accepted ${accepted} of ${asked} requests${rest}`,
  };
}

/** A fault in one line for people: `abort 503, 40 % of requests, path /stock*, not path /health /ready`. */
import { formatMs } from '../../core/units.js';
import type { Exclude, Match } from '../../dataplane/faults/match.js';
import type { FaultText } from '../schema/fault.js';

export function faultSummary(fault: FaultText, counted: 'requests' | 'connections' | 'processes'): string {
  const parts = [`${fault.type}${valueText(fault.value.written)}`];
  if (fault.direction) parts[0] += ` ${fault.direction}`;
  const { ramp, pulse } = fault;
  const keyBy = fault.keyBy ?? counted;
  const share = ramp === undefined ? shareText(`${fault.percentage ?? 100}`, keyBy) : shareText(`${ramp.from}…${ramp.to}`, keyBy);
  if (share !== undefined) parts.push(ramp === undefined ? share : `${share} (by ${ramp.step} every ${formatMs(ramp.every)})`);
  parts.push(...placeTexts(fault));
  if (pulse) parts.push(`${formatMs(pulse.active)} on and ${formatMs(pulse.dormant)} off`);
  if (fault.source) parts.push(`callers of ${fault.source.join(' ')}`);
  if (fault.connections && fault.connections !== 'all') parts.push(`${fault.connections} connections`);
  if (fault.match) parts.push(matchText(fault.match));
  for (const excluded of fault.exclude ?? []) parts.push(`not ${excludedText(excluded)}`);
  return parts.join(', ');
}

function placeTexts({ first, nth, every, maxActive }: FaultText): string[] {
  return [
    ...(first === undefined ? [] : [`the first ${first}`]),
    ...(nth === undefined ? [] : [`only number ${nth}`]),
    ...(every === undefined ? [] : [`one in every ${every}`]),
    ...(maxActive === undefined ? [] : [`at most ${maxActive} at a time`]),
  ];
}

/** One parameter speaks for itself; several are named. */
function valueText(value: unknown): string {
  if (value === null || typeof value !== 'object') return '';
  const [only, ...more] = Object.values(value);
  return only === undefined || more.length > 0 ? plainSettings(value) : ` ${plain(only)}`;
}

/** ` breakDuration 5s failureRatio 0.5`: each with its name, as it was written. */
export function plainSettings(settings: unknown): string {
  return Object.entries(settings ?? {})
    .map(([key, item]) => ` ${key} ${plain(item)}`)
    .join('');
}

function plain(value: unknown): string {
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

function shareText(percentage: string, keyBy: string): string | undefined {
  if (percentage === '100') return undefined;
  const [, key] = /^(?:header|jsonpath):(.*)$/s.exec(keyBy) ?? [];
  if (key !== undefined) return `${percentage} % by ${key}`;
  return `${percentage} % of ${keyBy.endsWith('s') ? keyBy : `${keyBy}s`}`;
}

function excludedText(excluded: Exclude[number]): string {
  return typeof excluded === 'string' ? excluded : matchText(excluded);
}

function matchText({ method, path, pathRegex, query = {}, userAgent, headers = {}, status, body = {} }: Match): string {
  const named = (fields: Readonly<Record<string, string>>, before = ''): string[] =>
    Object.entries(fields).map(([name, glob]) => `${before}${name}: ${glob}`);
  return [
    ...(method ? [`method ${method.join(' ')}`] : []),
    ...(path ? [`path ${path.join(' ')}`] : []),
    ...(pathRegex === undefined ? [] : [`path like ${pathRegex}`]),
    ...named(query, '?'),
    ...(userAgent ? [`user agent ${userAgent.join(' ')}`] : []),
    ...named(headers),
    ...named(body),
    ...(status ? [`status ${status.join(' ')}`] : []),
  ].join(' and ');
}

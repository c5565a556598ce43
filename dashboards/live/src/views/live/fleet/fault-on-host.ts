/** A fault on a host in a few words: what it is, and at which level. Pure. */
import type { LiveFault } from '../../../../../../src/control/live/contract.js';
import { formatNumber } from '../../../../../../src/reports/wording.js';

/** Those on processes are known by their name alone: the last part of the id is the plan's step. */
export function faultWords(id: string, faults: readonly LiveFault[]): string {
  const name = id.slice(id.lastIndexOf('/') + 1);
  const fault = faults.find((one) => one.id === id);
  if (fault === undefined) return name;
  const what = fault.by === undefined ? `${name} (${fault.type})` : `${fault.type} by ${fault.by}`;
  return `${what}, ${fault.isOn ? `${formatNumber(fault.percentage)} %` : 'off for now'}`;
}

/** The words of an instance's argv and environment, with `${…}` filled in once ports, links and files are known. Names that mean nothing here are left alone. */

import type { Plan, PlannedLink } from '../experiment/plan.js';

export interface InstanceWords {
  /** Folder of the shipped sample programs; undefined: whoever starts the instance knows. */
  lab: string | undefined;
  /** File with the certificate of the lab CA. */
  ca: string;
  /** `host:port` where the gateway listens, if a service uses it. */
  gateway: string | undefined;
  name: string;
  /** The folder of its data; undefined where it has none, or whoever starts it knows. */
  data: string | undefined;
  /** `host:port` */
  address: string;
  /** Where its links to a service, or to the instance named, listen. */
  linksTo(target: string): readonly string[];
}

export function fillInstanceText(text: string, words: InstanceWords): string {
  return text.replace(/\$\{([^}]+)\}/g, (whole, name: string) => {
    if (name === 'lab') return words.lab ?? whole;
    if (name === 'ca') return words.ca;
    if (name === 'gateway') return `http://${words.name}@${words.gateway}`;
    if (name === 'self.name') return words.name;
    if (name === 'self.data') return words.data ?? whole;
    if (name === 'self.address') return words.address;
    if (name === 'self.port') return words.address.split(':').at(-1) ?? '';
    if (name.startsWith('link.')) return words.linksTo(name.slice('link.'.length)).join(',');
    return whole;
  });
}

/** The links of an instance to a service, or to the one instance named. */
export function linksTo({ links }: Pick<Plan, 'links'>, { from, target }: { from: string; target: string }): readonly PlannedLink[] {
  return links.filter((link) => link.from === from && (link.toService === target || link.to === target));
}

/** Names of other tools → names of this language: letters, digits, dots, dashes and underscores, each once. */

const NAME_LENGTH_MAX = 60;

export class Names {
  readonly #taken = new Set<string>();

  /** `redis master (eu)` → `redis-master-eu`; `-2` and so on where that is taken already. */
  fresh(text: string): string {
    const plain = text
      .normalize('NFKD')
      .replace(/[^A-Za-z0-9._-]+/g, '-')
      .replace(/^[^A-Za-z0-9]+|[-._]+$/g, '')
      .slice(0, NAME_LENGTH_MAX);
    const base = plain === '' ? 'unnamed' : plain;
    let name = base;
    for (let i = 2; this.#taken.has(name); i += 1) name = `${base.slice(0, NAME_LENGTH_MAX - 4)}-${i}`;
    this.#taken.add(name);
    return name;
  }
}

/** Who is left without more than half of a group when some of its links are cut. */

interface Edge {
  readonly name: string;
  readonly from: string;
  readonly to: string;
}

/** A member counts whom it can ask: itself, and those to whom a link of the plan leads that is not cut. In the order of the members. */
export function minorityAmong(members: readonly string[], links: readonly Edge[], cut: readonly string[]): readonly string[] {
  const isCut = new Set(cut);
  const reachedBy = (member: string): number => {
    const reached = links.filter(({ name, from, to }) => from === member && members.includes(to) && !isCut.has(name));
    return 1 + new Set(reached.map(({ to }) => to)).size;
  };
  return members.filter((member) => 2 * reachedBy(member) <= members.length);
}

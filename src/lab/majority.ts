/** More than half: any two such parts of a group have a member in common, which is what votes and writes by majority rest on. */

/** Of `size` members, whoever counts included. */
export function majorityOf(size: number): number {
  return Math.floor(size / 2) + 1;
}

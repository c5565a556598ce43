/** The name that a step’s fault has in the data plane. It begins with the run, so that runs never mean each other’s faults. */
export function faultId(run: string, step: string): string {
  return `${run}/${step}`;
}

/** Which texts are host names. Callers ask for names of all kinds, and what they ask for is put into a certificate. */
const LENGTH_MAX = 253;

export function isHostName(name: string): boolean {
  return name.length <= LENGTH_MAX && /^(?:\*\.)?[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?$/i.test(name) && !name.includes('..');
}

/** Who is at the keyboard, as the system says: what people say is signed by it unless they name themselves. */
export function whoAmI(): string {
  return process.env['USER'] ?? process.env['LOGNAME'] ?? 'somebody';
}

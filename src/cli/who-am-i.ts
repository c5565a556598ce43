/** Who is at the keyboard, as the system says: what people say is signed by it unless they name themselves. */
import { userInfo } from 'node:os';

export function whoAmI(): string {
  return process.env['USER'] ?? process.env['LOGNAME'] ?? nameOfAccount();
}

/** An account of a container may have no name. */
function nameOfAccount(): string {
  try {
    return userInfo().username;
  } catch {
    return 'somebody';
  }
}

/** Opens or keeps what the daemon made. Where it wants a token no plain link reaches it: the browser sends none with a link, so the file is fetched and kept. */
import { wait } from './host.js';
import { daemonUrl, send } from './request.js';
import { tokenHeader } from './token.js';

const READ_WITHIN_MS = 10_000;

/** The address of a plain link; undefined where only `keep` gets there. */
export function plainLink(path: string): string | undefined {
  return Object.keys(tokenHeader()).length === 0 ? daemonUrl(path) : undefined;
}

/** Saves it as a file of that name. Throws RequestFailed. */
export async function keep(path: string, name: string): Promise<void> {
  const url = URL.createObjectURL(await (await send(path)).blob());
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  // The browser may still be reading when the click returns.
  await wait(READ_WITHIN_MS, new AbortController().signal);
  URL.revokeObjectURL(url);
}

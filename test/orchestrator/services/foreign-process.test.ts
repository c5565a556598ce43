/** Programs of the right names on the path stand in for systemd and Docker: what they are asked, and what becomes of their answers. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findForeignProcess } from '../../../src/orchestrator/services/foreign-process.js';

const { PATH } = process.env;
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'foreign-'));
  process.env['PATH'] = `${folder}${delimiter}${PATH}`;
});
afterEach(async () => {
  process.env['PATH'] = PATH;
  await rm(folder, { recursive: true });
});

async function standIn(program: string, script: string): Promise<void> {
  const file = join(folder, program);
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}
const find = (kind: 'unit' | 'container', name: string) => findForeignProcess('s-1', { kind, name }, new AbortController().signal);

describe('a process of somebody else', () => {
  it('is asked for by its unit, and is known again by its start', async () => {
    await standIn('systemctl', `[ "$*" = "show --property=MainPID --value web.service" ] && echo ${process.pid}`);
    expect(await find('unit', 'web.service')).toEqual({ name: 's-1', pid: process.pid, startTicks: expect.stringMatching(/^\d+$/) });
  });

  it('is asked for by its container', async () => {
    await standIn('docker', `[ "$1 $4" = "inspect web-1" ] && echo ${process.pid}`);
    expect(await find('container', 'web-1')).toMatchObject({ pid: process.pid });
  });

  it.each([
    ['does not run', 'echo 0', 'unit web has no process: it does not run'],
    ['is unknown', 'echo no such object >&2; exit 1', 'unit web has no process: systemctl ended with exit code 1'],
    ['is told of in other words', 'echo none', 'unit web has no process: it does not run'],
  ])('that %s is an error that says so', async (_what, script, reason) => {
    await standIn('systemctl', script);
    await expect(find('unit', 'web')).rejects.toMatchObject({ code: 'SERVICE_NOT_READY', message: expect.stringContaining(reason) });
  });
});

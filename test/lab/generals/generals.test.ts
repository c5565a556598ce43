/** The programs as they run: four generals and a field decide a round over real sockets. */
import { request } from 'undici';
import { describe, expect, it } from 'vitest';
import { freePorts } from '../../../src/orchestrator/services/free-ports.js';
import { forThisTest } from '../../support/for-this-test.js';
import { type ProgramRequest, startProgram } from '../../support/program.js';

const NAMES = ['gen-1', 'gen-2', 'gen-3', 'gen-4'];

async function start(program: ProgramRequest): Promise<void> {
  forThisTest(await startProgram(program));
}

describe('the generals', () => {
  it('decide the same, which the field hears and each says in a header', async () => {
    const [fieldPort = 0, ...ports] = await freePorts(1 + NAMES.length);
    const addresses = ports.map((port) => `127.0.0.1:${port}`);
    const council = { GENERALS: NAMES.join(','), COUNCIL: addresses.join(',') };
    await Promise.all([
      start({ file: 'lab/generals/field.js', env: { PORT: String(fieldPort), ...council } }),
      ...NAMES.map((name, i) => {
        const peers = addresses.filter((_, at) => at !== i).join(',');
        const env = { PORT: String(ports[i]), NAME: name, GENERALS: NAMES.join(','), PEERS: peers };
        return start({ file: 'lab/generals/general.js', args: ['--signed', 'on'], env });
      }),
    ]);
    const answer = await request(`http://127.0.0.1:${fieldPort}/rounds/r-1`, { method: 'POST' });
    const { decisions } = (await answer.body.json()) as { decisions: Record<string, string> };
    expect(answer.statusCode).toBe(200);
    expect(Object.keys(decisions)).toEqual(NAMES);
    expect(new Set(Object.values(decisions)).size).toBe(1);
    const unity = await request(`http://127.0.0.1:${fieldPort}/unity`);
    expect(await unity.body.json()).toEqual({ divided: 0 });
    const own = await request(`http://${addresses[1]}/decisions/r-1`);
    expect(own.headers['x-decision']).toBe(decisions['gen-1']);
    await own.body.dump();
  }, 60_000);
});

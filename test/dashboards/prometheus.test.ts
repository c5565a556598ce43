/** The rules and alerts that are shipped, held by Prometheus' own tool against series whose outcome is known. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it, onTestFinished } from 'vitest';
import { hasPrometheus } from '../support/prometheus.js';

const folder = fileURLToPath(new URL('../../dashboards/prometheus', import.meta.url));

function promtool(...args: string[]) {
  const { status, stdout, stderr } = spawnSync('promtool', args, { encoding: 'utf8' });
  return { status, said: stdout + stderr };
}

/** A copy of the folder in which one text of one file is another. */
function changed(file: string, from: string, to: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'faultlab-rules-'));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  cpSync(folder, copy, { recursive: true });
  const text = readFileSync(join(copy, file), 'utf8');
  expect(text).toContain(from);
  writeFileSync(join(copy, file), text.replaceAll(from, to));
  return copy;
}

describe.skipIf(!hasPrometheus)('what is shipped for Prometheus', () => {
  it('is a configuration that it takes, with rules and alerts', () => {
    expect(promtool('check', 'config', join(folder, 'prometheus.yml'))).toMatchObject({
      status: 0,
      said: expect.stringContaining('7 rules'),
    });
    const broken = changed('alerts.yml', 'faultlab_halted == 1', 'faultlab_halted ==');
    expect(promtool('check', 'config', join(broken, 'prometheus.yml')).status).not.toBe(0);
  });

  it('records what it says and alerts when it should, and only then', () => {
    expect(promtool('test', 'rules', join(folder, 'rules.test.yml'))).toMatchObject({ status: 0 });
    const deaf = changed('alerts.yml', 'how="expired"', 'how="lapsed"');
    expect(promtool('test', 'rules', join(deaf, 'rules.test.yml'))).toMatchObject({
      status: 1,
      said: expect.stringContaining('LeaseExpired'),
    });
    const patient = changed('alerts.yml', '(faultlab_fault_planned_seconds) + 5', '(faultlab_fault_planned_seconds) + 500');
    expect(promtool('test', 'rules', join(patient, 'rules.test.yml'))).toMatchObject({
      status: 1,
      said: expect.stringContaining('LongerThanPlanned'),
    });
    const eager = changed('alerts.yml', 'for: 30m', 'for: 1m');
    expect(promtool('test', 'rules', join(eager, 'rules.test.yml'))).toMatchObject({ status: 1, said: expect.stringContaining('StaysOn') });
  });
});

import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { parentDeathArguments, probeParentDeath } from '../../src/master/parent-death.ts';
import { startOrphanWatchdog } from '../../src/shared/orphan-watchdog.ts';

const fixture = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const register = fixture('../helpers/register-typescript.js');
const master = fixture('../fixtures/children/orphan-master.js');

const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');

describe('the death of the master', () => {
  it.each(['kernel', 'watchdog'] as const)('ends a spinning child (%s)', async (how) => {
    if (how === 'kernel' && probeParentDeath() !== 'kernel') {
      console.warn('setpriv --pdeathsig does not work here: only the watchdog was tried');
      return;
    }
    const parent = spawn(process.execPath, ['--import', register, master, how], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const [line] = await new Promise<string[]>((resolve) =>
      createInterface(parent.stdout).once('line', (...told) => resolve(told)),
    );
    const told: { pid: number; forked: number; node: string; watches: boolean } = JSON.parse(line ?? '');
    // The same process that was forked, and node sees its own path again, not setpriv's.
    expect(told).toEqual({
      pid: told.forked,
      forked: told.forked,
      node: process.execPath,
      watches: how === 'watchdog',
    });
    expect(isAlive(told.pid)).toBe(true);

    parent.kill('SIGKILL');
    while (isAlive(told.pid)) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAlive(told.pid)).toBe(false);
  });
});

describe('watchdog', () => {
  it.each([[undefined], [''], ['0'], ['yes'], ['-5']])('does not start where the environment says %j', (value) => {
    expect(startOrphanWatchdog({ PILEUS_CHILD_WATCHDOG: value })).toBe(false);
  });

  it('puts setpriv in front of node, or nothing', () => {
    expect(parentDeathArguments('kernel').slice(0, 4)).toEqual(['--pdeathsig', 'KILL', '--', process.execPath]);
    expect(parentDeathArguments('watchdog')).toEqual(process.execArgv);
  });
});

import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { lbHeapArguments } from '../../src/master/lb-heap.ts';
import { parentDeathArguments } from '../../src/master/parent-death.ts';

describe('the heap of an lb', () => {
  it('starts large where V8 is known to have the flag', () => {
    expect(lbHeapArguments('11.3.244.8-node.33')).toEqual(['--initial-heap-size=256']);
    expect(lbHeapArguments('13.6.233.17-node.28')).toEqual(['--initial-heap-size=256']);
    expect(lbHeapArguments('14.0.1')).toEqual([]);
    expect(lbHeapArguments('10.2')).toEqual([]);
  });

  it('is a flag that this node takes', () => {
    expect(execFileSync(process.execPath, [...lbHeapArguments(), '-p', '1'], { encoding: 'utf8' })).toBe('1\n');
  });

  it('is asked of node, behind what starts it', () => {
    const [flag = ''] = lbHeapArguments('11');
    expect(parentDeathArguments('kernel', ['taskset'], [flag]).slice(3, 6)).toEqual([
      'taskset',
      process.execPath,
      flag,
    ]);
    expect(parentDeathArguments('watchdog', [], [flag])).toEqual([flag, ...process.execArgv]);
  });
});

import { readFileSync } from 'node:fs';

/**
 * Whether the kernel has killed for want of memory since the last question. The count is the whole machine's, so that
 * a yes beside a SIGKILL nobody here sent is a suspicion, not a proof.
 */
export class OomWatch {
  #kills = readKills();

  grew(): boolean {
    const before = this.#kills;
    this.#kills = readKills();
    return this.#kills > before;
  }
}

function readKills(): number {
  try {
    return Number(/^oom_kill (\d+)$/m.exec(readFileSync('/proc/vmstat', 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}

import { readdirSync, readFileSync } from 'node:fs';

/** CPU and memory of a process and all its descendants, from /proc (Linux). */
export type TreeUse = Readonly<{ cpuMs: number; rssBytes: number; processes: number }>;

export function readTree(rootPid: number): TreeUse {
  const parents = new Map<number, number>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const stat = readStat(Number(name));
    if (stat) parents.set(Number(name), stat.parent);
  }
  let cpuMs = 0;
  let rssBytes = 0;
  let processes = 0;
  for (const pid of parents.keys()) {
    if (!descends(pid, rootPid, parents)) continue;
    const stat = readStat(pid);
    if (!stat) continue;
    cpuMs += stat.cpuMs;
    rssBytes += stat.rssBytes;
    processes++;
  }
  return { cpuMs, rssBytes, processes };
}

/** CPU milliseconds of one process so far, all its threads together. */
export const readCpuMs = (pid: number): number => readStat(pid)?.cpuMs ?? 0;

/** Watches the tree's memory; gives its peak when stopped. */
export function watchPeakRss(rootPid: number, everyMs = 100): () => number {
  let peak = 0;
  const look = (): void => {
    peak = Math.max(peak, readTree(rootPid).rssBytes);
  };
  const timer = setInterval(look, everyMs);
  return () => {
    look();
    clearInterval(timer);
    return peak;
  };
}

function descends(pid: number, rootPid: number, parents: ReadonlyMap<number, number>): boolean {
  for (let at: number | undefined = pid; at !== undefined && at > 1; at = parents.get(at))
    if (at === rootPid) return true;
  return false;
}

/** Linux reports in ticks of 10 ms and pages of 4 KiB. */
const msPerTick = 10;
const pageBytes = 4096;

function readStat(pid: number): { parent: number; cpuMs: number; rssBytes: number } | null {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name in parentheses may hold anything; the fields follow its last parenthesis.
    const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
    return {
      parent: Number(fields[1]),
      cpuMs: (Number(fields[11]) + Number(fields[12])) * msPerTick,
      rssBytes: Number(fields[21]) * pageBytes,
    };
  } catch {
    return null;
  }
}

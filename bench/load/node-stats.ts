/** /stats of a running node, as far as the bench looks at it. */
export type NodeStats = Readonly<{
  workers: readonly Readonly<{ pid: number; jobsDone: number; rssBytes: number; bufferBytes: number }>[];
  lbs: readonly Readonly<{ pid: number }>[];
  counters: Readonly<Record<string, number>>;
}>;

export async function nodeStats(adminPort: number): Promise<NodeStats> {
  return (await (await fetch(`http://127.0.0.1:${adminPort}/stats`)).json()) as NodeStats;
}

export async function lbPid(adminPort: number): Promise<number> {
  const lb = (await nodeStats(adminPort)).lbs[0];
  if (!lb) throw new Error('The node has no lb.');
  return lb.pid;
}

/** Sum of a counter over its labels that hold `part`, from /metrics. */
export async function counterOf(adminPort: number, name: string, part = ''): Promise<number> {
  const text = await (await fetch(`http://127.0.0.1:${adminPort}/metrics`)).text();
  return text
    .split('\n')
    .filter((line) => (line.startsWith(`${name}{`) || line.startsWith(`${name} `)) && line.includes(part))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0);
}

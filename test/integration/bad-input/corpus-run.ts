import path from 'node:path';
import { expect } from 'vitest';
import { type CorpusPart, corpusFiles, corpusFolder } from '../../helpers/corpus.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, type Reply, startPileus } from '../../helpers/pileus.ts';
import { makeSite } from '../../helpers/site.ts';

export const patient = { timeout: 240_000 };
export const isHere = corpusFiles('good').length > 0;

/** A thumb of the first frame, and one of the whole animation. */
const plans = ['fr_0,m_cover,w_64,h_64', 'm_cover,w_64,h_64'] as const;
const askedAtOnce = 4;

export type Answer = Readonly<{ name: string; plan: string; reply: Reply; status: number; code: string | null }>;

export const told = ({ name, plan, status, code }: Answer): string => `${name} ~${plan}: ${status} ${code ?? ''}`;

/** A node over one part of the corpus. */
export type CorpusRun = Readonly<{
  node: Pileus;
  /** Asks for every file with every plan, some at a time, in order. */
  askAll: () => Promise<readonly Answer[]>;
  /** Fails unless all workers that were there at the start are, and nobody holds anything. */
  checkUnharmed: () => Promise<void>;
  end: () => Promise<void>;
}>;

export async function startCorpusRun(part: CorpusPart, limits: Readonly<Record<string, number>>): Promise<CorpusRun> {
  const site = makeSite({ namespaces: { corpus: { origin: path.join(corpusFolder, part), limits } } });
  // Speed is not asked for here, and the machine may be busy.
  const node = await startPileus(site.args, {
    PILEUS_REQUEST_MS: '60000',
    PILEUS_SOFT_MS: '40000',
    PILEUS_HARD_MS: '50000',
    PILEUS_QUEUE_WAIT_MS_MAX: '30000',
  });
  const pidsOf = async (): Promise<readonly number[]> => (await node.stats()).workers.map(({ pid }) => pid);
  const pids = await pidsOf();
  return {
    node,
    askAll: async () => {
      const asked = corpusFiles(part).flatMap((name) => plans.map((plan) => ({ name, plan })));
      const answers: Answer[] = [];
      const ask = async (): Promise<void> => {
        for (let next = asked.shift(); next; next = asked.shift()) {
          const reply = await node.get(`/corpus/${encodeURIComponent(next.name)}/~${next.plan}.webp`);
          const code = reply.status === 200 ? null : (reply.json() as { code: string }).code;
          answers.push({ ...next, reply, status: reply.status, code });
        }
      };
      await Promise.all(Array.from({ length: askedAtOnce }, ask));
      return answers;
    },
    checkUnharmed: async () => {
      await calm(node, 30_000);
      const alarming = ['child-exited', 'child-killed', 'internal-error', 'quarantined'];
      expect(node.lines().filter(({ event }) => alarming.includes(String(event)))).toEqual([]);
      expect(await pidsOf()).toEqual(pids);
    },
    end: async () => {
      await node.stop();
      site.clear();
    },
  };
}

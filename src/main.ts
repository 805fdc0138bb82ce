#!/usr/bin/env node
import cluster from 'node:cluster';
import { readChildIdentity } from './shared/child-identity.ts';

/**
 * Where every process of pileus begins. A child finds its role in the environment that the master made for it;
 * everything else is the command line.
 */
if (cluster.isWorker) await runChild();
else await runCommand();

async function runChild(): Promise<void> {
  const identity = readChildIdentity(process.env);
  if (identity === null) throw new Error('started as a child without an identity in its environment');
  if (identity.role === 'lb') await (await import('./lb/lb.ts')).runLb(identity);
  else await (await import('./worker/worker.ts')).runWorker(identity);
}

async function runCommand(): Promise<void> {
  const [{ runCli }, { systemTerminal }, { programs }] = await Promise.all([
    import('./cli/cli.ts'),
    import('./cli/terminal.ts'),
    import('./cli/programs.ts'),
  ]);
  process.exit(await runCli(process.argv.slice(2), systemTerminal, programs));
}

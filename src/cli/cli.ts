import { Command, CommanderError } from 'commander';
import { addConfigFlags, addFileFlag } from './config-flags.ts';
import type { Programs } from './programs.ts';
import type { SignFlags } from './sign.ts';
import { exitCodes, type Terminal } from './terminal.ts';
import type { TranslateFlags } from './translate.ts';
import { packageVersion } from './version.ts';

/**
 * The command line. `words` is what was typed after the program's name; gives the exit code. Each command is
 * loaded when it is called.
 */
export async function runCli(words: readonly string[], terminal: Terminal, programs: Programs): Promise<number> {
  let code: number = exitCodes.done;
  const program = commands(terminal, programs, (exitCode) => {
    code = exitCode;
  });
  try {
    await program.parseAsync([...words], { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? exitCodes.done : exitCodes.misunderstood;
  }
}

type Flags = Readonly<Record<string, unknown>>;

function commands(terminal: Terminal, programs: Programs, done: (exitCode: number) => void): Command {
  const program = new Command('pileus')
    .description('A multi-process image server: originals in, any size and format out, on demand.')
    .version(packageVersion(), '-V, --version', 'Print the version.')
    .helpOption('-h, --help', 'Print this, or what a command takes.')
    .exitOverride()
    .configureOutput(outputOf(terminal));

  addConfigFlags(program.command('serve'))
    .description('Serve folders, HTTP origins, or what a configuration file says.')
    .argument('[folders...]', 'A folder of originals (namespace `photos`), or several as name=folder.')
    .action(async (folders: string[], options: Flags) => {
      const { serve } = await import('./serve.ts');
      done(await serve({ folders, options }, terminal, programs));
    });

  addConfigFlags(program.command('check-config'))
    .description(
      'Say everything that is wrong with a configuration, without starting. Exit code 1 if there is anything.',
    )
    .argument('[folders...]', 'As of `serve`.')
    .action(async (folders: string[], options: Flags) => {
      const { checkConfig } = await import('./check-config.ts');
      done(await checkConfig({ folders, options }, terminal));
    });

  addConfigFlags(program.command('demo'))
    .description('Make sample originals and serve them.')
    .argument('[folder]', 'Where the samples go.', 'pileus-demo')
    .action(async (folder: string, options: Flags) => {
      const { demo } = await import('./demo.ts');
      done(await demo(folder, options, terminal, programs));
    });

  addFileFlag(program.command('sign'))
    .description('Print the signed form of a native URL.')
    .argument('<url>', 'A path such as /photos/a.jpg/~w_300.webp, with or without a host before it.')
    .option('--kid <kid>', "Key to sign with; the namespace's first one if none is named.")
    .option('--expires-in <time>', 'Let the URL expire after this time (12h, 7d), rounded up to whole hours.')
    .action(async (url: string, flags: SignFlags) => {
      const { sign } = await import('./sign.ts');
      done(await sign(url, flags, Date.now(), terminal));
    });

  addFileFlag(program.command('translate'))
    .description('Print the canonical native URL of any URL that pileus understands.')
    .argument('<url>', 'A path, with or without a host before it.')
    .option('--accept <value>', 'The Accept header that `auto` is negotiated from.')
    .action(async (url: string, flags: TranslateFlags) => {
      const { translate } = await import('./translate.ts');
      done(await translate(url, flags, Date.now(), terminal));
    });

  return program;
}

/** Errors are one sentence, with the way to more of it. */
const outputOf = ({ out, err }: Terminal) => ({
  writeOut: (text: string) => out(text.trimEnd()),
  writeErr: (text: string) => err(text.trimEnd()),
  outputError: (text: string) =>
    err(
      `pileus: ${text
        .trim()
        .replace(/^error: /, '')
        .replace(/\s*\n\s*/g, ' ')}`,
    ),
});

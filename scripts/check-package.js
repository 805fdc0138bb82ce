// The package as a stranger gets it: packed, installed in an empty folder, started there; one picture is fetched.
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const folder = mkdtempSync(path.join(os.tmpdir(), 'pileus-package-'));
const npm = (args, cwd) => execFileSync('npm', args, { cwd, stdio: ['ignore', 'pipe', 'inherit'], encoding: 'utf8' });

try {
  const packed = npm(['pack', '--silent', '--pack-destination', folder], process.cwd()).trim().split('\n').pop();
  writeFileSync(path.join(folder, 'package.json'), '{ "private": true }\n');
  npm(['install', '--no-audit', '--no-fund', '--silent', path.join(folder, packed)], folder);
  await tryIt();
  console.log(`package: ${packed} installs and serves`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

async function tryIt() {
  const child = spawn(
    path.join(folder, 'node_modules/.bin/pileus'),
    ['demo', '--port', '0', '--admin-port', '0', '--log-pretty', 'off'],
    {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  try {
    const port = await readyPort(child);
    const answer = await fetch(`http://127.0.0.1:${port}/photos/mountain.jpg/~m_cover,w_300,h_200.webp`);
    const bytes = Buffer.from(await answer.arrayBuffer());
    if (answer.status !== 200 || bytes.toString('latin1', 8, 12) !== 'WEBP') {
      throw new Error(`Expected a WebP, got ${answer.status}: ${bytes.toString('utf8', 0, 200)}`);
    }
  } finally {
    child.kill('SIGTERM');
    await new Promise((resolve) => child.once('exit', resolve));
  }
}

function readyPort(child) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('Not ready in 60 s.')), 60_000);
    child.once('exit', (code) => reject(new Error(`Ended with ${code} before it was ready.`)));
    let rest = '';
    child.stdout.on('data', (chunk) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        if (!line.includes('"event":"ready"')) continue;
        clearTimeout(timer);
        resolve(new URL(JSON.parse(line).url).port);
      }
    });
  });
}

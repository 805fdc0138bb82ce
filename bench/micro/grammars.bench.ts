import { bench, describe } from 'vitest';
import { MountedGrammar } from '../../test/dialects/mounted.ts';
import { grammarUrls } from './grammar-urls.ts';

/**
 * What a URL costs before anything is looked up: raw path and query to canonical plan and native path. `npm run bench:grammars` has the
 * percentiles. Run with `npx vitest bench --run bench/micro/grammars.bench.ts`.
 */
describe('URL to plan', () => {
  for (const [name, url, wish] of grammarUrls) {
    // Our own grammar stands behind any mount.
    const mounted = new MountedGrammar(name.startsWith('native') ? 'next' : name, wish);
    mounted.parse(url);
    bench(name, () => void mounted.parse(url, { accept: 'image/avif,image/webp' }), { time: 300, warmupTime: 100 });
  }
});

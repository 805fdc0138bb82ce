import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ParsedRequest } from '../../src/dialects/dialect.ts';
import { dialectNames } from '../../src/dialects/registry.ts';
import { canonicalJson } from '../../src/plan/canonical-json.ts';
import { derivation } from '../../src/plan/derivation.ts';
import { directionWords, kernels, pagesMax } from '../../src/plan/plan.ts';
import { encodeSalt, requestKey } from '../../src/plan/request-key.ts';
import { isPileusError } from '../../src/shared/errors.ts';
import { foreignUrls } from './foreign-urls.ts';
import { MountedGrammar, type MountWish } from './mounted.ts';
import { defaultOptions } from './native/sample-config.ts';

const salt = encodeSalt(defaultOptions, {});
const keyOf = ({ source, plan }: ParsedRequest): string => requestKey(source, plan, salt);

it('every grammar has its URLs in these tests', () => {
  expect(foreignUrls.map(({ grammar }) => grammar).sort()).toEqual([...dialectNames].sort());
});

const imgproxyWish: MountWish = { settings: { sources: { local: 'hotel' } } };

const accepts = ['', 'image/webp', 'image/avif,image/webp'];

describe.each(foreignUrls)('$grammar', ({ grammar, wish, url }) => {
  // A plan may ask for more than a namespace gives; its URL is refused there as the plan would be.
  const mounted = new MountedGrammar(grammar, {
    ...wish,
    namespaces: { hotel: { limits: { resultSideMax: 65_535 } } },
  });

  it('has a native URL for every plan, which means the same plan and has the same key', () => {
    let understood = 0;
    fc.assert(
      fc.property(url, fc.constantFrom(...accepts), (text, accept) => {
        const foreign = parsed(mounted, text, accept);
        if (foreign === null) return;
        understood += 1;
        const { canonicalPath } = foreign;
        if (canonicalPath === null) throw new Error(`no native URL: ${canonicalJson(foreign.plan)}`);
        const native = mounted.parse(canonicalPath, { accept });
        expect(native.dialect).toBe('native');
        expect(canonicalJson(native.plan)).toBe(canonicalJson(foreign.plan));
        expect(native.source).toEqual(foreign.source);
        expect(keyOf(native)).toBe(keyOf(foreign));
        expect(native.isCanonical).toBe(true);
      }),
      { numRuns: 400 },
    );
    // Else the law would hold of nothing.
    expect(understood).toBeGreaterThan(60);
  });
});

describe('the last page that a plan can name', () => {
  it.each<[grammar: string, url: (page: number) => string, first: number, wish?: MountWish]>([
    ['native', (page) => `/hotel/a.jpg/~fr_${page}.webp`, 0],
    ['imgproxy', (page) => `/x/unsafe/pg:${page}/plain/local:///a.png`, 0, imgproxyWish],
    ['imgproxy', (page) => `/x/info/unsafe/pg:${page}/avg:1/plain/local:///a.png`, 0, imgproxyWish],
    ['imagor', (page) => `/x/unsafe/filters:page(${page})/a.jpg`, 1, { settings: { unsafe: true, open: true } }],
    ['weserv', (page) => `/x/?url=a.jpg&page=${page}`, 0],
  ])('is one in %s: %s', (grammar, url, first, wish = {}) => {
    const mounted = new MountedGrammar(grammar === 'native' ? 'weserv' : grammar, wish);
    const { frames } = mounted.parse(url(first + pagesMax)).plan.decode;
    expect(typeof frames === 'object' ? frames.page : frames).toBe(pagesMax);
    expect(['bad_value', 'bad_url']).toContain(mounted.refusal(url(first + pagesMax + 1)));
  });
});

describe('the words of a plan', () => {
  const kernelIn = (mounted: MountedGrammar, url: string) => {
    const [step] = mounted.parse(url).plan.steps;
    return step?.op === 'resize' || step?.op === 'layout' ? step.kernel : null;
  };
  const ipx = new MountedGrammar('ipx');
  const imgproxy = new MountedGrammar('imgproxy', imgproxyWish);

  it.each(kernels)('name the kernel %s in every grammar that has kernels', (kernel) => {
    expect(kernelIn(ipx, `/hotel/a.jpg/~w_9,kn_${kernel}.webp`)).toBe(kernel);
    expect(kernelIn(ipx, `/x/w_9,kernel_${kernel}/a.jpg`)).toBe(kernel);
    const url = `/x/unsafe/w:9/ra:${kernel}/plain/local:///a.png`;
    if (kernel === 'mitchell') expect(imgproxy.refusal(url)).toBe('bad_url');
    else expect(kernelIn(imgproxy, imgproxy.parse(url).canonicalPath ?? '')).toBe(kernel);
  });

  it.each(directionWords)('name the direction %s in every grammar that has gradients', (to) => {
    const native = ipx.parse(`/hotel/a.jpg/~gd_ff0000:0.5:${to}:0:1.webp`);
    expect(native.plan.steps).toMatchObject([{ op: 'gradient', to }]);
    const foreign = imgproxy.parse(`/x/unsafe/gr:0.5:ff0000:${to}:0:1/plain/local:///a.png`);
    expect(canonicalJson(imgproxy.parse(foreign.canonicalPath ?? '').plan)).toContain(`"to":"${to}"`);
  });
});

/** Null for what the grammar refuses. */
function parsed(mounted: MountedGrammar, url: string, accept: string): ParsedRequest | null {
  try {
    return mounted.parse(url, { accept });
  } catch (error) {
    if (isPileusError(error) && error.status < 500) return null;
    throw error;
  }
}

type Place = readonly [grammar: string, url: string, wish?: MountWish];

const derivationOf = ([grammar, url, wish = {}]: Place): string => {
  const mounted = new MountedGrammar(grammar, wish);
  return derivation('v1', mounted.resolve(url, { format: 'jpeg', width: 800, height: 600, quality: 95 }));
};

describe('URLs of different grammars that mean the same integers have one result', () => {
  const open = { settings: { unsafe: true, open: true } };
  it.each<[Place, Place]>([
    [
      ['oss', '/x/a.jpg?x-oss-process=image/auto-orient,1/resize,w_400/quality,q_80/format,jpg'],
      ['iiif', '/hotel/a.jpg/~w_400,qs_80,pg_0.jpg'],
    ],
    [
      ['thumbor', '/x/unsafe/fit-in/400x300/filters:quality(80):format(webp)/a.jpg', open],
      ['imagor', '/x/unsafe/fit-in/400x300/filters:quality(80):format(webp)/a.jpg', open],
    ],
    [
      ['weserv', '/x/?url=a.jpg&w=400&q=80&output=webp'],
      ['cloudflare', '/x/cdn-cgi/image/width=400,quality=80,format=webp,metadata=none,anim=false/a.jpg'],
    ],
    [
      ['ipx', '/x/w_400,q_80,f_webp/a.jpg'],
      ['cloudflare', '/x/cdn-cgi/image/width=400,quality=80,format=webp,metadata=none/a.jpg'],
    ],
    [
      ['qiniu', '/x/a.jpg?imageMogr2/auto-orient/strip/thumbnail/400x/quality/80!/format/webp'],
      ['tencent', '/x/a.jpg?imageMogr2/auto-orient/strip/thumbnail/400x/quality/80!/format/webp'],
    ],
    [
      ['iiif', '/x/a.jpg/square/200,200/90/gray.png'],
      ['iiif', '/hotel/a.jpg/~c_sq,w_200,rt_90,gr_1.png'],
    ],
    [
      ['nephele', '/x/a.jpg?x-nephele-process=image/resize,m_fixed,w_40,h_30/quality,v_80/format,v_webp'],
      ['weserv', '/hotel/a.jpg/~m_exact,w_40,h_30,q_80,pg_0.webp'],
    ],
    [
      ['suffix', '/x/a_300x200.jpg', { settings: { sizes: ['300x200'], format: 'webp', mode: 'cover', quality: 80 } }],
      ['cloudflare', '/x/cdn-cgi/image/width=300,height=200,fit=crop,quality=80,format=webp,metadata=none/a.jpg'],
    ],
  ])('%j and %j', (one, other) => {
    expect(derivationOf(one)).toBe(derivationOf(other));
  });
});

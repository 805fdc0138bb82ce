import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jpeg, quadrants } from '../../fixtures/pictures.ts';
import { calm } from '../../helpers/gauges.ts';
import { type Pileus, type Reply, startPileus } from '../../helpers/pileus.ts';
import { makeSite, type Site } from '../../helpers/site.ts';

const secret = 'what lies beside the originals';

let site: Site;
let node: Pileus;
let pids: readonly number[];

const at = (name: string): string => path.join(site.originals, name);

beforeAll(async () => {
  site = makeSite();
  const picture = await jpeg(quadrants(60, 40));
  site.put('good.jpg', picture);
  site.put('dir/good.jpg', picture);
  site.put('text.jpg', Buffer.from('no picture at all'));
  site.put('empty.jpg', Buffer.alloc(0));
  site.put('closed.jpg', picture);
  chmodSync(at('closed.jpg'), 0);
  writeFileSync(path.join(site.folder, 'secret.jpg'), picture);
  writeFileSync(path.join(site.folder, 'secret.txt'), secret);
  mkdirSync(path.join(site.folder, 'photos-too'));
  writeFileSync(path.join(site.folder, 'photos-too/secret.jpg'), picture);
  symlinkSync('../secret.jpg', at('out.jpg'));
  symlinkSync('/etc/passwd', at('passwd.jpg'));
  symlinkSync('..', at('up'));
  symlinkSync('dir/good.jpg', at('within.jpg'));
  symlinkSync('nowhere.jpg', at('dangling.jpg'));
  symlinkSync('circle.jpg', at('circle.jpg'));
  symlinkSync('/dev/zero', at('zero.jpg'));
  execFileSync('mkfifo', [at('fifo.jpg')]);
  node = await startPileus(site.args);
  pids = (await node.stats()).workers.map(({ pid }) => pid);
});

afterAll(async () => {
  await node?.stop();
  site?.clear();
});

/** An error has to say what, and to whom; it must not say where. */
function checkRefusal(reply: Reply, status: number, code: string): void {
  expect([reply.status, reply.headers['content-type']]).toEqual([status, 'application/json; charset=utf-8']);
  const body = reply.json() as Record<string, unknown>;
  expect(body).toMatchObject({ code, requestId: reply.headers['x-request-id'] });
  expect(body.message).toMatch(/^[A-Z].+\.$/);
  expect(Object.keys(body).filter((name) => !['code', 'message', 'detail', 'requestId'].includes(name))).toEqual([]);
  const text = reply.body.toString();
  for (const trace of [site.folder, 'node_modules', '.ts:', '.js:', 'ENOENT', 'Error:', secret])
    expect(text).not.toContain(trace);
}

type Refused = readonly [url: string, status: number, code: string];

const nonsense: readonly Refused[] = [
  ['/', 404, 'not_found'],
  ['//', 404, 'not_found'],
  ['/favicon.ico', 404, 'not_found'],
  ['/photos', 404, 'not_found'],
  ['/photos/', 404, 'not_found'],
  ['/photos/good.jpg', 404, 'not_found'],
  ['/photos/~w_10.webp', 400, 'bad_key'],
  ['/none/good.jpg/~w_10.webp', 404, 'not_found'],
  ['/__proto__/good.jpg/~w_10.webp', 400, 'bad_url'],
  ['/constructor/good.jpg/~w_10.webp', 404, 'not_found'],
  ['/-/good.jpg/~w_10.webp', 400, 'bad_url'],
  ['/-/metrics', 404, 'not_found'],
  ['/photos/good.jpg/~w_10', 400, 'bad_url'],
  ['/photos/good.jpg/~w_10.', 400, 'bad_url'],
  ['/photos/good.jpg/~w_10.heic', 400, 'bad_url'],
  ['/photos/good.jpg/~w_10.svg', 400, 'bad_url'],
  ['/photos/good.jpg/~.webp', 400, 'bad_url'],
  ['/photos/good.jpg/~w_10.webp?x=1', 400, 'bad_url'],
  ['/photos/good.jpg/~w_10.webp?', 400, 'bad_url'],
  [`/photos/good.jpg/~${'w_10,'.repeat(70)}h_1.webp`, 400, 'bad_url'],
  ['/photos/good.jpg/~w_0.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_-1.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_8193.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_1e3.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_0x10.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_NaN.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_99999999999999999999.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~bl_1001.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~m_nonsense.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~bg_red.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~dpr_9.webp', 400, 'bad_value'],
  ['/photos/good.jpg/~w_10,w_20.webp', 400, 'bad_operation'],
  ['/photos/good.jpg/~zz_10.webp', 400, 'bad_operation'],
  ['/photos/good.jpg/~W_10.webp', 400, 'bad_operation'],
  ['/photos/good.jpg/~nopreset.webp', 404, 'preset_not_found'],
  ['/photos/good.jpg/~toString.webp', 400, 'bad_operation'],
  ['/photos/good.jpg/~w_10,l_10.webp', 400, 'bad_combination'],
  ['/photos/good.jpg/~q_10,qs_10.webp', 400, 'bad_combination'],
  ['/photos/good.jpg/~info.webp', 400, 'bad_combination'],
  ['/photos/good.jpg/~w_10.json', 400, 'bad_combination'],
  ['/photos/good.jpg/~w_10~axxxx.webp', 403, 'signature_invalid'],
  ['/photos/none.jpg/~w_10.webp', 404, 'source_not_found'],
  ['/photos/text.jpg/~w_10.webp', 415, 'not_an_image'],
  ['/photos/empty.jpg/~w_10.webp', 415, 'not_an_image'],
  ['/photos/good.jpg/~c_100.100.10.10.webp', 422, 'operation_unsupported'],
];

describe('nonsense', () => {
  it.each(nonsense)('%s is %i %s', async (url, status, code) => {
    checkRefusal(await node.get(url), status, code);
  });
});

const keys: readonly Refused[] = [
  ['../secret.jpg', 400, 'bad_key'],
  ['dir/../good.jpg', 400, 'bad_key'],
  ['dir/../../secret.jpg', 400, 'bad_key'],
  ['./good.jpg', 400, 'bad_key'],
  ['%2e%2e/secret.jpg', 400, 'bad_key'],
  ['.%2E/secret.jpg', 400, 'bad_key'],
  ['dir%2fgood.jpg', 400, 'bad_key'],
  ['..%2Fsecret.jpg', 400, 'bad_key'],
  ['..%5csecret.jpg', 400, 'bad_key'],
  ['dir\\good.jpg', 400, 'bad_key'],
  ['good.jpg%00', 400, 'bad_key'],
  ['good.jpg%00.png', 400, 'bad_key'],
  ['%0a%0dgood.jpg', 400, 'bad_key'],
  ['%7fgood.jpg', 400, 'bad_key'],
  ['%good.jpg', 400, 'bad_key'],
  ['%zz.jpg', 400, 'bad_key'],
  ['%ff.jpg', 400, 'bad_key'],
  ['%c0%ae%c0%ae/secret.jpg', 400, 'bad_key'],
  ['dir//good.jpg', 400, 'bad_key'],
  ['/good.jpg', 400, 'bad_key'],
  ['/etc/passwd', 400, 'bad_key'],
  [`${'a'.repeat(1025)}.jpg`, 400, 'bad_key'],
  [`${'a/'.repeat(600)}b.jpg`, 400, 'bad_key'],
  // Decoded once and only once: this is a name with a percent sign in it.
  ['%252e%252e/secret.jpg', 404, 'source_not_found'],
  [`${'a'.repeat(300)}.jpg`, 404, 'source_not_found'],
  ['dir', 404, 'source_not_found'],
  ['good.jpg/more.jpg', 404, 'source_not_found'],
  ['fifo.jpg', 404, 'source_not_found'],
  ['out.jpg', 404, 'source_not_found'],
  ['passwd.jpg', 404, 'source_not_found'],
  ['up/secret.jpg', 404, 'source_not_found'],
  ['up/photos-too/secret.jpg', 404, 'source_not_found'],
  ['dangling.jpg', 404, 'source_not_found'],
  ['circle.jpg', 404, 'source_not_found'],
  ['zero.jpg', 404, 'source_not_found'],
];

describe('keys', () => {
  it.each(keys)('%s is %i %s, as a picture and as the original', async (key, status, code) => {
    checkRefusal(await node.get(`/photos/${key}/~w_10.webp`), status, code);
    checkRefusal(await node.get(`/photos/${key}/~orig.jpg`), status, code);
  });

  it.skipIf(process.getuid?.() === 0)('a file that may not be read is 404 (skipped as root, who may)', async () => {
    checkRefusal(await node.get('/photos/closed.jpg/~w_10.webp'), 404, 'source_not_found');
  });

  it('a link that stays within the folder is served', async () => {
    expect((await node.get('/photos/within.jpg/~w_10.webp')).status).toBe(200);
    expect((await node.get('/photos/up/photos/good.jpg/~w_10.webp')).status).toBe(200);
  });
});

describe('what nonsense leaves behind', () => {
  it('nothing: the same workers, idle, and good pictures', async () => {
    const stats = await calm(node);
    expect(stats.workers.map(({ pid }) => pid)).toEqual(pids);
    expect((await node.get('/photos/good.jpg/~w_12.webp')).status).toBe(200);
    expect(node.lines().filter(({ event }) => event === 'internal-error')).toEqual([]);
  });
});

import { describe, expect, it } from 'vitest';
import { parse, refusal } from './sample-config.ts';

const codeOf = (rawPath: string, rawQuery: string | null = null): string =>
  refusal(() => parse(rawPath, { rawQuery })).code;

describe('the path', () => {
  it('gives namespace and decoded key', () => {
    expect(parse('/hotel/g1/M00/%E4%B8%AD%E6%96%87/a%20b.png/~w_300.webp').source).toEqual({
      ns: 'hotel',
      key: 'g1/M00/中文/a b.png',
    });
  });

  it('is decoded exactly once', () => {
    expect(parse('/hotel/a%252e%252e%252Fb.jpg/~w_300.webp').source.key).toBe('a%2e%2e%2Fb.jpg');
  });

  it.each([
    ['/hotel/~w_1.png/~w_300.webp', '~w_1.png'],
    ['/hotel/a/~/~w_300.webp', 'a/~'],
    ['/hotel/.../.a/b..c/~w_300.webp', '.../.a/b..c'],
    ['/hotel/%F0%9F%8C%A5.jpg/~w_300.webp', '🌥.jpg'],
    [`/hotel/${'k'.repeat(1024)}/~w_300.webp`, 'k'.repeat(1024)],
    [`/hotel/${'%E4%B8%AD'.repeat(341)}k/~w_300.webp`, `${'中'.repeat(341)}k`],
  ])('takes any key that names one place: %s', (path, key) => {
    expect(parse(path).source.key).toBe(key);
  });

  it.each([
    ['a bare percent sign', '%'],
    ['a percent sign before one digit', 'a%4'],
    ['a percent sign before no digits', 'a%zz'],
    ['an overlong slash', 'a%c0%afb'],
    ['an overlong dot', '%c0%ae%c0%ae'],
    ['a cut UTF-8 sequence', 'a%e4%b8'],
    ['a lone continuation byte', 'a%80'],
    ['a surrogate in UTF-8', 'a%ed%a0%80'],
    ['a code point beyond Unicode', 'a%f4%90%80%80'],
    ['NUL', 'a%00.jpg'],
    ['a line feed', 'a%0ab'],
    ['DEL', 'a%7f'],
    ['a C1 control character', 'a%c2%85'],
    ['a backslash', 'a\\b'],
    ['an encoded backslash', 'a%5cb'],
    ['an encoded slash', 'a%2fb'],
    ['an encoded slash in capitals', 'a%2Fb'],
    ['an empty segment', 'a//b'],
    ['an empty segment at the start', '/a'],
    ['an empty segment at the end', 'a/'],
    ['a dot segment', 'a/./b'],
    ['a dot-dot segment', '../b'],
    ['a dot-dot segment at the end', 'a/..'],
    ['an encoded dot-dot segment', 'a/%2e%2e/b'],
    ['a half-encoded dot-dot segment', 'a/.%2E/b'],
    ['an encoded dot segment', '%2e/b'],
    ['raw characters outside ASCII', 'é'],
    ['a raw space', 'a b'],
    ['a raw tab', 'a\tb'],
    ['a raw hash', 'a#b'],
    ['a raw question mark', 'a?b'],
    ['1,025 bytes', 'k'.repeat(1025)],
    ['1,025 bytes of UTF-8', `${'%E4%B8%AD'.repeat(341)}kk`],
    ['far too many bytes', 'k'.repeat(8000)],
  ])('refuses a key with %s', (_, key) => {
    expect(codeOf(`/hotel/${key}/~w_300.webp`)).toBe('bad_key');
  });

  it.each([
    ['no key', '/hotel/~w_300.webp', 'bad_key'],
    ['nothing but a last segment', '/~w_300.webp', 'bad_url'],
    ['nothing before the first slash', 'hotel/a.jpg/~w_300.webp', 'bad_url'],
    ['an absolute URL', 'http://x/hotel/a.jpg/~w_300.webp', 'bad_url'],
    ['an empty namespace', '//a.jpg/~w_300.webp', 'bad_url'],
    ['a dash for a namespace', '/-/a.jpg/~w_300.webp', 'bad_url'],
    ['capitals in the namespace', '/Hotel/a.jpg/~w_300.webp', 'bad_url'],
    ['an encoded namespace', '/%68otel/a.jpg/~w_300.webp', 'bad_url'],
    ['a namespace of 33 characters', `/${'n'.repeat(33)}/a.jpg/~w_300.webp`, 'bad_url'],
    ['an unknown namespace', '/motel/a.jpg/~w_300.webp', 'not_found'],
    ['a namespace that every object has', '/constructor/a.jpg/~w_300.webp', 'not_found'],
    ['no plan', '/hotel/a.jpg', 'not_found'],
    ['an empty path', '', 'not_found'],
    ['no extension', '/hotel/a.jpg/~w_300', 'bad_url'],
    ['an empty extension', '/hotel/a.jpg/~w_300.', 'bad_url'],
    ['an unknown extension', '/hotel/a.jpg/~w_300.psd', 'bad_url'],
    ['jpeg in full', '/hotel/a.jpg/~w_300.jpeg', 'bad_url'],
    ['an extension in capitals', '/hotel/a.jpg/~w_300.JPG', 'bad_url'],
    ['a pixel ratio where the extension should be', '/hotel/a.jpg/~w_300,dpr_1.5', 'bad_url'],
    ['an empty plan', '/hotel/a.jpg/~.webp', 'bad_url'],
    ['nothing but a tilde', '/hotel/a.jpg/~', 'bad_url'],
    ['other encodings in the last segment', '/hotel/a.jpg/~w%5F300.webp', 'bad_url'],
    ['a double-encoded comma', '/hotel/a.jpg/~w_300%252Ch_9.webp', 'bad_url'],
    ['two signatures', '/hotel/a.jpg/~w_300~a~b.webp', 'bad_url'],
    ['more than 1,024 characters', `/hotel/a.jpg/~w_${'0'.repeat(1022)}1.webp`, 'bad_url'],
    ['more than 64 tokens', `/hotel/a.jpg/~${'w_1,'.repeat(64)}h_1.webp`, 'bad_url'],
  ])('with %s is refused', (_, path, code) => {
    expect(codeOf(path)).toBe(code);
  });

  it('takes 1,024 characters', () => {
    expect(parse(`/hotel/a.jpg/~w_${'0'.repeat(1021)}1.webp`).canonicalPath).toBe('/hotel/a.jpg/~w_1.webp');
  });

  it.each(['', 'v=2', 'x-oss-process=image'])('has no query, not even "%s"', (query) => {
    expect(codeOf('/hotel/a.jpg/~w_300.webp', query)).toBe('bad_url');
  });
});

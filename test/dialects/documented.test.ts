import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { imagorFilters } from '../../src/dialects/imagor/filters.ts';
import { thumborFilters } from '../../src/dialects/thumbor/filters.ts';
import { MountedGrammar } from './mounted.ts';

const pageOf = (grammar: string): string =>
  readFileSync(new URL(`../../docs/dialects/${grammar}.md`, import.meta.url), 'utf8');

/** The words in the first cells of the tables whose second column says why. */
const refusedOn = (page: string): readonly string[] =>
  [...page.matchAll(/^\| refused +\| why +\|\n\|[- |]+\|\n((?:\|.*\n)+)/gm)]
    .flatMap(([, rows = '']) => rows.trim().split('\n'))
    .flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`([a-z_]+)`/g)].map(([, word = '']) => word));

const filtersOn = (page: string): string => /^## Filters[\s\S]*?(?=^## )/m.exec(page)?.[0] ?? '';

const wordsIn = (text: string): readonly string[] => [...text.matchAll(/`([a-z_]+)[(`]/g)].map(([, word = '']) => word);

/** The words in the first cells of the tables of filters, of those that are understood and of those that are refused. */
const toldOn = (page: string): readonly string[] =>
  [...filtersOn(page).matchAll(/^\|([^|]*)\|/gm)].flatMap(([, cell = '']) => wordsIn(cell));

/** The words that a page leaves to thumbor's. */
const leftOn = (page: string): readonly string[] =>
  wordsIn(/^As in \[thumbor\][\s\S]*?(?=\n\n)/m.exec(filtersOn(page))?.[0] ?? '');

describe('what a page says', () => {
  it.each([
    ['thumbor', thumborFilters],
    ['imagor', imagorFilters],
  ] as const)('of filters of %s is all of them', (grammar, { filters }) => {
    const page = pageOf(grammar);
    const said = new Set([...toldOn(page), ...leftOn(page)]);
    expect([...filters.keys()].filter((name) => !said.has(name))).toEqual([]);
  });

  it('of filters of imagor that are as in thumbor stands on the page of thumbor, and once', () => {
    const left = leftOn(pageOf('imagor'));
    expect(left.length).toBeGreaterThan(0);
    const [own, thumbors] = [toldOn(pageOf('imagor')), toldOn(pageOf('thumbor'))];
    expect(left.filter((name) => own.includes(name) || !thumbors.includes(name))).toEqual([]);
  });

  it.each([
    ['thumbor', thumborFilters],
    ['imagor', imagorFilters],
  ] as const)('of refusals of %s is what is refused', (grammar, { refused }) => {
    expect([...refusedOn(pageOf(grammar))].sort()).toEqual([...refused.keys()].sort());
  });

  it.each([
    ['weserv', (name: string) => `/x/?url=a.jpg&${name}=1`],
    ['ipx', (name: string) => `/x/${name}_1/a.jpg`],
  ] as const)('of refusals of %s is so', (grammar, urlOf) => {
    const mounted = new MountedGrammar(grammar);
    const words = refusedOn(pageOf(grammar));
    expect(words.length).toBeGreaterThan(0);
    for (const word of words) expect([word, mounted.refusal(urlOf(word))]).toEqual([word, 'operation_unsupported']);
  });
});

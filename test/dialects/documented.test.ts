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

describe('what a page says', () => {
  it.each([
    ['thumbor', thumborFilters, pageOf('thumbor')],
    ['imagor', imagorFilters, `${pageOf('imagor')}${pageOf('thumbor')}`],
  ] as const)('of filters of %s is all of them', (_, { filters }, page) => {
    expect([...filters.keys()].filter((name) => !page.includes(`\`${name}(`) && !page.includes(`\`${name}\``))).toEqual(
      [],
    );
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

import {
  type EncodeWish,
  type Enlarge,
  type FormatWish,
  type Gravity,
  type Kernel,
  kernels,
  type MetadataPolicy,
  type Negotiated,
  type OutputFormat,
  type Pages,
  type Plan,
  type QualitySearch,
  type ResizeMode,
  type Rgba,
  type Rounding,
  type Step,
  type StepOp,
} from '../../plan/plan.ts';
import type { AvifTuning, JpegTuning, PngTuning, WebpTuning } from '../../plan/tuning.ts';
import type { Limits } from './limits.ts';
import { searchToken } from './search-token.ts';
import { framesToken, hashToken } from './source-tokens.ts';
import type { StepToken } from './step-token.ts';
import { stepWords } from './step-words.ts';
import { choice, decimal, exact, flag, gravityToken, integer, limited, type Token, words } from './token.ts';
import { tuningTokens } from './tuning-tokens.ts';
import { badValue, readColour, readHours, readInteger, writeColour } from './values.ts';

/**
 * The tokens of the native grammar in canonical order: what each means, how it is read, and how it is written in its one canonical
 * spelling. Those of single steps are made of step-words.ts. docs/url.md has the same table for people.
 */

type SteppedOps = typeof stepWords;

type TokensOf<Words> = Words extends readonly (infer One)[] ? One : never;

/** Names of the tokens that say a step each. */
export type StepName = TokensOf<SteppedOps[StepOp]>['name'];

/** A quality for each of some formats. */
export type Qualities = Readonly<Partial<Record<OutputFormat, number>>>;

/** The values of the tokens that say no single step, by their names in the URL. */
type OwnValues = {
  o: boolean;
  fr: number | 'all' | Pages;
  ln: boolean;
  m: ResizeMode;
  w: number;
  h: number;
  l: number;
  s: number;
  p: number;
  a: number;
  g: Gravity;
  rd: Rounding;
  kn: Kernel | 'lanczos3';
  up: Enlarge;
  dpr: number;
  bg: Rgba;
  ft: boolean;
  q: number;
  qs: number;
  qc: number;
  qf: Qualities;
  kb: number;
  by: number;
  ll: boolean;
  pg: boolean;
  md: MetadataPolicy;
  pf: readonly OutputFormat[];
  nt: Negotiated | 'none';
  as: number;
  ks: readonly KeptFormat[];
  ko: boolean;
  dp: boolean;
  ic: NonNullable<EncodeWish['profile']>;
  di: number;
  hs: NonNullable<Plan['expects']>;
  jo: JpegTuning;
  po: PngTuning;
  wo: WebpTuning;
  ao: AvifTuning;
  aq: QualitySearch;
  sf: number;
  /** Hours since 1970. */
  e: number;
};

type OwnName = keyof OwnValues;

/** The value of each operation, by its name in the URL; null is a step that is said not to be. */
export type OpValues = OwnValues & { [Name in StepName]: Step | null };

export type OpName = OwnName | StepName;

/** The operations of one stage; what it does not name is undefined. */
export type Ops = { [Name in OpName]: OpValues[Name] | undefined };

const formats: readonly OutputFormat[] = ['jpg', 'png', 'webp', 'avif', 'gif', 'tif', 'bmp', 'ico'];
const isOutputFormat = (raw: string): raw is OutputFormat =>
  (formats as readonly FormatWish[]).includes(raw as OutputFormat);

/** Formats with dots between them, each once. */
const listOfFormats = <Format extends string>(known: readonly Format[]): Token<readonly Format[]> => ({
  read: (raw, name) => {
    const list = raw.split('.', known.length + 1);
    const isKnown = (each: string): each is Format => (known as readonly string[]).includes(each);
    if (!list.every(isKnown) || new Set(list).size !== list.length) {
      throw badValue(name, `some of ${known.join(', ')} with dots between them`, raw);
    }
    return list;
  },
  write: (list) => list.join('.'),
});

/** What may be handed on as it is; an SVG is not written otherwise. */
type KeptFormat = OutputFormat | 'svg';

/** `jpg.80.webp.75` */
const qualities: Token<Qualities> = {
  read: (raw, name) => {
    const parts = raw.split('.', 2 * formats.length + 1);
    const byFormat: Partial<Record<OutputFormat, number>> = {};
    for (let at = 0; at < parts.length; at += 2) {
      const [format = '', value = ''] = [parts[at], parts[at + 1]];
      if (!isOutputFormat(format) || byFormat[format] !== undefined) {
        throw badValue(name, 'format.quality.format.quality', raw);
      }
      byFormat[format] = readInteger(value, name, 1, 100);
    }
    return byFormat;
  },
  write: (byFormat) =>
    formats
      .filter((format) => byFormat[format] !== undefined)
      .map((format) => `${format}.${byFormat[format]}`)
      .join('.'),
};

/** Beside what a result may have in bytes, this is as good as no limit. */
const bytesMax = 2_147_483_647;
const percentMax = 10_000_000;
const sideMax = 65_535;

const head: { readonly [Name in 'o' | 'fr' | 'ln']: Token<OpValues[Name]> } = {
  o: flag,
  fr: framesToken,
  ln: flag,
};

type ResizeName = 'm' | 'w' | 'h' | 'l' | 's' | 'p' | 'a' | 'g' | 'rd' | 'kn' | 'up' | 'dpr';

const sizing: { readonly [Name in ResizeName]: Token<OpValues[Name]> } = {
  m: words('fit', 'cover', 'min', 'pad', 'exact', 'aspect'),
  w: limited('sideMax'),
  h: limited('sideMax'),
  l: limited('sideMax'),
  s: limited('sideMax'),
  p: exact(1e-10, percentMax),
  a: limited('areaMax'),
  g: gravityToken,
  rd: choice<Rounding>([
    ['n', 'nearest'],
    ['f', 'floor'],
  ]),
  kn: words(...kernels, 'lanczos3'),
  up: choice<Enlarge>([
    ['0', 'no'],
    ['1', 'yes'],
    ['2', 'only'],
    ['3', 'error'],
  ]),
  dpr: decimal(1, 5),
};

const encoding: { readonly [Name in Exclude<OwnName, 'o' | 'fr' | 'ln' | ResizeName>]: Token<OpValues[Name]> } = {
  bg: { read: readColour, write: writeColour },
  ft: flag,
  q: integer(1, 100),
  qs: integer(1, 100),
  qc: integer(1, 100),
  qf: qualities,
  kb: limited('kilobytesMax'),
  by: integer(1, bytesMax),
  ll: flag,
  pg: flag,
  md: choice<MetadataPolicy>([
    ['0', 'none'],
    ['c', 'copyright'],
    ['1', 'all'],
  ]),
  pf: listOfFormats(formats),
  nt: words('avif', 'webp', 'plain', 'none'),
  as: integer(0, sideMax),
  ks: listOfFormats<KeptFormat>([...formats, 'svg']),
  ko: flag,
  dp: flag,
  ic: words('source', 'srgb', 'none'),
  di: integer(1, sideMax),
  hs: hashToken,
  ...tuningTokens,
  aq: searchToken,
  sf: integer(0, bytesMax),
  e: { read: readHours, write: (hours) => hours.toString(36) },
};

/** Both readings of a token that two entries of the table share: the first that knows the value has it. */
function stepToken(entries: readonly StepToken[]): Token<Step | null> {
  return {
    read: (raw, name, limits) => {
      for (const entry of entries) {
        const step = entry.read(raw, name, limits);
        if (step !== undefined) return step;
      }
      throw badValue(name, 'another value', raw);
    },
    write: (step) => (step === null ? '0' : (wordOf(step)?.value ?? '')),
  };
}

const listOf = (op: StepOp): readonly StepToken[] => {
  const entry: (typeof stepWords)[StepOp] = stepWords[op];
  // Each entry is only ever given its own steps: `wordOf` looks them up by their name.
  return entry === 'several' ? [] : (entry as readonly StepToken[]);
};

/** The token and the value of a step that one token says; null for one that has none. */
export function wordOf(step: Step): Readonly<{ name: StepName; value: string }> | null {
  for (const token of listOf(step.op)) {
    const value = token.write(step as never);
    if (value !== null) return { name: token.name as StepName, value };
  }
  return null;
}

const stepOps = Object.keys(stepWords) as readonly StepOp[];
const resizeAt = stepOps.indexOf('resize');

/** The tokens of these steps, those with one name together. */
function stepTokens(ops: readonly StepOp[]): Record<string, Token<Step | null>> {
  const byName = new Map<string, StepToken[]>();
  for (const token of ops.flatMap(listOf)) byName.set(token.name, [...(byName.get(token.name) ?? []), token]);
  return Object.fromEntries([...byName].map(([name, entries]) => [name, stepToken(entries)]));
}

const { e, ...encodeTokens } = encoding;

const tokens = {
  ...head,
  ...stepTokens(stepOps.slice(0, resizeAt)),
  ...sizing,
  ...stepTokens(stepOps.slice(resizeAt)),
  ...encodeTokens,
  e,
  // The names of the steps' tokens are those of the table that they are made of.
} as unknown as { readonly [Name in OpName]: Token<OpValues[Name]> };

/** Every operation, in canonical order. */
export const opNames = Object.keys(tokens) as readonly OpName[];

export const isOpName = (name: string): name is OpName => Object.hasOwn(tokens, name);

/** Operations that hold for all stages. */
const commonNames: ReadonlySet<string> = new Set<string>([...Object.keys(head), 'dpr', ...Object.keys(encoding)]);

export const isCommon = (name: OpName): boolean => commonNames.has(name);

const beforeResize: ReadonlySet<string> = new Set(Object.keys(stepTokens(stepOps.slice(0, resizeAt))));
const afterResize: ReadonlySet<string> = new Set(Object.keys(stepTokens(stepOps.slice(resizeAt))));

/** Does this say a step that comes before the resize of its stage, or one behind it? */
export const isBefore = (name: OpName): name is StepName => beforeResize.has(name);
export const isAfter = (name: OpName): name is StepName => afterResize.has(name);

/** Where in a stage a step stands: steps come in this order, and those of one place exclude each other. */
export const placeOf = ({ op }: Step): number => places[op];

// Every step has a word, so each has a place.
const places = Object.fromEntries(
  stepOps.map((op, at) => {
    const first = listOf(op)[0]?.name;
    return [op, op === 'resize' ? at : stepOps.findIndex((other) => listOf(other)[0]?.name === first)];
  }),
) as Readonly<Record<StepOp, number>>;

// Made of JSON, since an object that grows by computed names becomes a hash table, and every copy of it too.
const blank = JSON.parse(`{${opNames.map((name) => `"${name}":null`).join(',')}}`) as Ops;
for (const name of opNames) blank[name] = undefined;

/** No operations. Every member is there from the start: objects of one shape are what makes parsing fast. */
export const noOps = (): Ops => ({ ...blank });

/**
 * The operations that are there, in canonical order, which is that of the members. By `in`, since on objects of one shape that takes a
 * tenth of looking up every name.
 */
export function namesIn(ops: Ops): readonly OpName[] {
  const names: OpName[] = [];
  // Members are operations, and all of them are its own.
  for (const name in ops) if (ops[name as OpName] !== undefined) names.push(name as OpName);
  return names;
}

/** Reads `raw` as the value of `name` into `ops`. Throws bad_value. */
export function readOp<Name extends OpName>(ops: Ops, name: Name, raw: string, limits: Limits): void {
  ops[name] = tokens[name].read(raw, name, limits);
}

/** The operations of a plan: those of its first stage, with what holds for all of it, and those of the stages behind. */
export type Stages = Readonly<{ ops: Ops; then: readonly Ops[] }>;

/** Between two stages of a plan. */
export const stageMark = '-';

/** The operations in canonical order and spelling: `m_cover,w_300`, `w_300,-,fl_h,q_80`. */
export function writeStages({ ops: first, then }: Stages): string {
  if (then.length === 0) return writeOps(first);
  const last = then.length;
  return [first, ...then]
    .map((ops, at) => writeOps(withCommon(ops, first, at === 0, at === last)))
    .join(`,${stageMark},`);
}

/** What holds for the whole plan stands at its ends: how it is decoded at the front, the rest at the back. */
function withCommon(ops: Ops, first: Ops, isFirst: boolean, isLast: boolean): Ops {
  const said = { ...ops };
  for (const name of namesIn(first)) {
    if (isCommon(name)) copyOp(said, (Object.hasOwn(head, name) ? isFirst : isLast) ? first : blank, name);
  }
  return said;
}

const writeOps = (ops: Ops): string =>
  namesIn(ops)
    .map((name) => writeOp(ops, name))
    .join(',');

/** Makes one operation what it is elsewhere. */
export function copyOp<Name extends OpName>(to: Ops, from: Ops, name: Name): void {
  to[name] = from[name];
}

function writeOp<Name extends OpName>(ops: Ops, name: Name): string {
  const value: OpValues[Name] | undefined = ops[name];
  return value === undefined ? '' : `${name}_${tokens[name].write(value)}`;
}

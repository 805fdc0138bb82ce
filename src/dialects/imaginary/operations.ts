import type { Config } from '../../config/config.ts';
import type { Enlarge, Gravity, ResizeMode, Rgba, Step } from '../../plan/plan.ts';
import { PileusError } from '../../shared/errors.ts';
import { markNamed } from '../mark-named.ts';
import { badValue, quoted } from '../native/values.ts';
import { readWhole } from '../read-number.ts';
import { resizeStep } from '../resize-step.ts';
import { backgroundOf, flag, gravityOf, number, type Params, pixels, unsupported } from './params.ts';
import type { ImaginarySettings } from './settings.ts';
import { textMark } from './text-mark.ts';

/** What an operation comes to beside how its result is encoded. */
export type Operation = Readonly<{ steps: readonly Step[]; background: Rgba | undefined }>;

/** What operations depend on besides their parameters. */
export type Scene = Readonly<{ settings: ImaginarySettings; config: Pick<Config, 'assets' | 'namespaces'> }>;

type Geometry = (params: Params, scene: Scene) => readonly Step[];

const missing = (what: string): PileusError =>
  new PileusError('bad_value', { detail: `Missing required params: ${what}.` });

type Box = Readonly<{ w: number | null; h: number | null }>;

const boxOf = (params: Params): Box => ({ w: pixels(params, 'width'), h: pixels(params, 'height') });

function someSide(params: Params): Box {
  const box = boxOf(params);
  if (box.w === null && box.h === null) throw missing('height or width');
  return box;
}

function bothSides(params: Params): Box {
  const box = boxOf(params);
  if (box.w === null || box.h === null) throw missing('height, width');
  return box;
}

const sized = (mode: ResizeMode, { w, h }: Box, enlarge: Enlarge, gravity?: Gravity): readonly Step[] => {
  const step = resizeStep(mode, { by: 'box', w, h }, enlarge);
  return [gravity === undefined ? step : { ...step, gravity }];
};

/** Filled and cut; with one side only that side is cut, and nothing is scaled. */
const cropped = (box: Box, gravity: Gravity, enlarge: Enlarge = 'no'): readonly Step[] =>
  box.w === null || box.h === null
    ? [{ op: 'crop', ...box, gravity, dx: 0, dy: 0 }]
    : sized('cover', box, enlarge, gravity);

/** Filled up to the box unless it is cut to it; the ratio is given up where that is forced. */
const resize: Geometry = (params) => {
  const box = someSide(params);
  if (flag(params, 'force') === true) return sized('exact', box, 'yes');
  if (flag(params, 'nocrop') === false) return cropped(box, gravityOf(params));
  if (box.w === null || box.h === null || flag(params, 'embed') === false) return sized('fit', box, 'no');
  return sized('pad', box, 'no');
};

/** The colour of what is added. Throws operation_unsupported for edges that are made of the picture. */
function colourOf(params: Params, { extend: standard }: ImaginarySettings): Rgba | undefined {
  const extend = params.get('extend') ?? standard;
  switch (extend) {
    case 'white':
      return 'ffffffff';
    case 'black':
      return '000000ff';
    case 'background':
      return backgroundOf(params) ?? '000000ff';
    case 'mirror':
    case 'copy':
    case 'lastpixel':
      throw unsupported(`\`extend=${extend}\`: a box is filled with a colour, not with more of the picture.`);
    default:
      throw badValue('extend', 'white, black, background, mirror, copy or lastpixel', extend);
  }
}

const extract = (params: Params): readonly Step[] => {
  const [w, h] = [pixels(params, 'areawidth'), pixels(params, 'areaheight')];
  if (w === null || h === null) throw missing('areawidth or areaheight');
  if (params.has('width') || params.has('height')) throw unsupported('`extract` scales nothing.');
  return [{ op: 'region', unit: 'px', x: pixels(params, 'left') ?? 0, y: pixels(params, 'top') ?? 0, w, h }];
};

/** Most that a side grows by, so many times itself. */
const factorMax = 10;

const zoom: Geometry = (params) => {
  const raw = params.get('factor') ?? '';
  if (raw === '') throw missing('factor');
  const percent = 100 * (readWhole(raw, 'factor', 1, factorMax) + 1);
  const hasPlace = ['top', 'left', 'areawidth', 'areaheight'].some((name) => params.has(name));
  return [...(hasPlace ? extract(params) : []), resizeStep('fit', { by: 'percent', percent }, 'yes')];
};

const rotate: Geometry = (params) => {
  if (!params.has('rotate')) throw missing('rotate');
  return [];
};

const blur: Geometry = (params) => {
  if (!params.has('sigma')) throw missing('sigma or minampl');
  return [];
};

const convert: Geometry = (params) => {
  if (!params.has('type')) throw missing('type');
  return [];
};

const opacityDefault = 0.2;

/** `image=` names a registered asset, a URL that the mount has one for, or an original of its `marks`. */
const watermarkImage: Geometry = (params, { settings, config }) => {
  const image = params.get('image') ?? '';
  if (image === '') throw missing('image');
  const asset = markNamed(image, settings, config);
  if (asset === null) {
    throw new PileusError('bad_value', { detail: `There is no watermark ${quoted(image)}.` });
  }
  const opacity = number(params, 'opacity', 0, 1) ?? opacityDefault;
  return [
    {
      op: 'watermark',
      asset,
      gravity: 'nw',
      dx: pixels(params, 'left') ?? 0,
      dy: pixels(params, 'top') ?? 0,
      opacity: Math.round(100 * opacity),
      scalePercent: 0,
    },
  ];
};

const nothing: Geometry = () => [];

/** What each operation does beside the turns and effects that all of them take. */
const geometries: ReadonlyMap<string, Geometry> = new Map<string, Geometry>([
  ['resize', resize],
  ['fit', (params) => sized('fit', bothSides(params), 'no')],
  [
    'enlarge',
    (params) =>
      flag(params, 'nocrop') === true
        ? sized('fit', bothSides(params), 'yes')
        : sized('cover', bothSides(params), 'yes', gravityOf(params)),
  ],
  ['extract', extract],
  ['crop', (params) => cropped(someSide(params), gravityOf(params))],
  ['smartcrop', (params) => cropped(someSide(params), { kind: 'smart', by: 'attention' })],
  ['rotate', rotate],
  ['autorotate', nothing],
  ['flip', nothing],
  ['flop', nothing],
  ['thumbnail', (params) => sized('fit', someSide(params), 'no')],
  ['zoom', zoom],
  ['convert', convert],
  ['blur', blur],
  ['watermarkimage', watermarkImage],
  ['watermark', (params, { settings, config: { assets } }) => [textMark(params, settings, assets)]],
]);

/** What they give is laid over the picture last. */
const marking: ReadonlySet<string> = new Set(['watermarkimage', 'watermark']);

export const operations: readonly string[] = [...geometries.keys()];

/**
 * The steps of one operation in bimg's order: turned, mirrored, sized, blurred, made grey, marked. Throws bad_operation, bad_value,
 * operation_unsupported.
 */
export function operationOf(name: string, params: Params, scene: Scene): Operation {
  const geometry = geometries.get(name);
  if (geometry === undefined) throw new PileusError('bad_operation', { detail: `There is no ${quoted(name)}.` });
  const degrees = number(params, 'rotate', -3600, 3600) ?? 0;
  if (degrees % 90 !== 0) throw unsupported('`rotate`: a multiple of 90.');
  const turn = ((degrees % 360) + 360) % 360;
  const horizontal = name === 'flop' || flag(params, 'flop') === true;
  const vertical = name === 'flip' || flag(params, 'flip') === true;
  const sigma = number(params, 'sigma', 0, 250) ?? 0;
  if ((number(params, 'minampl', 0, 1) ?? 0) > 0)
    throw unsupported('`minampl`: the precision of a blur cannot be set.');
  const [marks, sizes] = marking.has(name) ? [geometry(params, scene), []] : [[], geometry(params, scene)];
  const pads = sizes.some((step) => step.op === 'resize' && step.mode === 'pad');
  return {
    steps: [
      ...(turn === 0 ? [] : [{ op: 'rotate', degrees: turn } as const]),
      ...(horizontal || vertical ? [{ op: 'flip', horizontal, vertical } as const] : []),
      ...sizes,
      ...(sigma > 0 ? [{ op: 'blur', sigma } as const] : []),
      ...(isGrey(params) ? [{ op: 'grey' } as const] : []),
      ...marks,
    ],
    background: pads ? colourOf(params, scene.settings) : backgroundOf(params),
  };
}

function isGrey(params: Params): boolean {
  const space = params.get('colorspace') ?? 'srgb';
  if (space !== 'srgb' && space !== 'bw') throw badValue('colorspace', 'srgb or bw', space);
  return space === 'bw';
}

import { checkPreset, type PresetContext } from '../dialects/native/check-preset.ts';
import type { PresetConfig } from './config.ts';
import { type Faulty, faulty, isRight, type Place } from './place.ts';

/** Presets that there are without a file, so that a folder can be served at once. */
export const defaultPresets: Readonly<Record<string, PresetConfig>> = {
  thumb: { name: 'thumb', spec: 'm_cover,w_160,h_160', overrides: [] },
  card: { name: 'card', spec: 'm_cover,w_480,h_320', overrides: [] },
  hero: { name: 'hero', spec: 'w_1600', overrides: [] },
};

/** One preset: its plan as text, or a mapping that also names the operations which URLs may add. */
export function readPreset(name: string, place: Place, context: PresetContext): PresetConfig | Faulty {
  const preset = typeof place.value === 'string' ? { name, spec: place.value, overrides: [] } : readWhole(name, place);
  if (!isRight(preset)) return faulty;
  const problems = checkPreset(name, preset.spec, preset.overrides, context);
  for (const problem of problems) place.fault(problem);
  return problems.length === 0 ? preset : faulty;
}

function readWhole(name: string, place: Place): PresetConfig | Faulty {
  const fields = place.mapping(['spec', 'overrides']);
  if (!isRight(fields)) return faulty;
  const spec = fields.place('spec').text('a plan such as m_cover,w_300,h_200');
  const overrides = fields.read<readonly string[]>('overrides', [], (given) =>
    given.list('names of operations', (one) => one.text('the name of an operation such as dpr')),
  );
  return isRight(spec) && isRight(overrides) ? { name, spec, overrides } : faulty;
}

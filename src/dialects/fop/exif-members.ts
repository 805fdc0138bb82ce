import type { Details } from '../../plan/header/details.ts';
import type { SourceFacts } from '../../plan/header.ts';
import { withoutPlace } from '../exif-report.ts';
import { orientationNames } from './orientation-names.ts';

type Member = Readonly<{ val: string; type: number }>;

/** EXIF as both clouds tell it: `{"Make":{"val":"...","type":2}}`. The orientation, in words, is that of the header. */
export function exifMembers({ header }: SourceFacts, { exif }: Details): Readonly<Record<string, Member>> {
  const fields = withoutPlace(exif).filter(({ name }) => name !== 'Orientation');
  const orientation = { val: orientationNames[header.orientation], type: 3 };
  return {
    ...Object.fromEntries(fields.map(({ name, value, type }) => [name, { val: value, type }])),
    ...(header.orientation === 1 ? {} : { Orientation: orientation }),
  };
}

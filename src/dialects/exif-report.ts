import type { ExifField } from '../plan/header/details.ts';

/** What may be told to everybody: all fields but those of the place where the picture was taken. */
export const withoutPlace = (fields: readonly ExifField[]): readonly ExifField[] =>
  fields.filter(({ group }) => group !== 'gps');

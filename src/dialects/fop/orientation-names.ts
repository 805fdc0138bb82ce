import type { Orientation } from '../../plan/header.ts';

/** EXIF orientations by the side at which row 0 and column 0 of the picture lie, as reports name them. */
export const orientationNames: Readonly<Record<Orientation, string>> = {
  1: 'Top-left',
  2: 'Top-right',
  3: 'Bottom-right',
  4: 'Bottom-left',
  5: 'Left-top',
  6: 'Right-top',
  7: 'Right-bottom',
  8: 'Left-bottom',
};

/**
 * What makes the bytes of a result besides its Resolved: sharp, libvips, and our own pipeline, whose number grows
 * when the same Resolved comes to give other bytes. Part of every derivation key; a test compares it with the
 * installed build.
 */
export const encoderVersion = 'sharp-0.35.5 vips-8.18.7 pipeline-3';

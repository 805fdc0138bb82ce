import sharp from 'sharp';

/** A picture that compresses badly, of about three bytes a pixel as PNG. */
export const noise = (width: number, height: number): ReturnType<typeof sharp> =>
  sharp({
    create: {
      width,
      height,
      channels: 3,
      background: 'black',
      noise: { type: 'gaussian', mean: 128, sigma: 60 },
    },
  });

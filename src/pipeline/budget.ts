/** What an encoder made of the pixels at one quality. */
export type Encoded = Readonly<{ bytes: Buffer; quality: number }>;

/**
 * The best quality that keeps the result within `bytesMax`, found by bisection from `quality` downwards with at most
 * `encodesMax` encodes. The last of them is of quality `qualityMin` (1) where nothing fitted so far. Where that is too large too,
 * the smallest result is given: the budget is a wish, not a reason to refuse a picture.
 */
export async function encodeWithin(
  run: (quality: number) => Promise<Buffer>,
  options: Readonly<{ quality: number; qualityMin?: number; bytesMax: number; encodesMax: number }>,
): Promise<Encoded> {
  const first = { bytes: await run(options.quality), quality: options.quality };
  let fitting = first.bytes.length <= options.bytesMax ? first : null;
  if (fitting) return fitting;
  let smallest: Encoded = first;
  let tooHigh = options.quality;
  const { qualityMin = 1 } = options;
  let belowOk = qualityMin - 1;
  for (let encodes = 1; encodes < options.encodesMax && tooHigh - belowOk > 1; encodes++) {
    const isLastHope = fitting === null && encodes === options.encodesMax - 1;
    const quality = isLastHope ? qualityMin : Math.floor((tooHigh + belowOk) / 2);
    const tried: Encoded = { bytes: await run(quality), quality };
    if (tried.bytes.length < smallest.bytes.length) smallest = tried;
    if (tried.bytes.length <= options.bytesMax) {
      fitting = tried;
      belowOk = quality;
    } else tooHigh = quality;
  }
  return fitting ?? smallest;
}

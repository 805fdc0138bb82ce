import { z } from 'zod';
import type { Dialect } from '../dialect.ts';
import { claims, parseFops, type Signing } from '../fop/fop-dialect.ts';
import { settingsFor } from '../fop/settings.ts';
import { namespacesOfMarks } from '../mark-named.ts';
import { formatQiniuError } from './errors.ts';
import { checkToken, tokenNames } from './token.ts';
import { qiniuVendor } from './vendor.ts';

const settings = settingsFor(qiniuVendor, '-', {
  /** Keys of download tokens. With them, everything but a style has to be signed. */
  keys: z
    .array(z.strictObject({ accessKey: z.string().regex(/^[A-Za-z0-9_-]{1,128}$/), secretKey: z.string().min(1) }))
    .max(16)
    .default([]),
});

type QiniuSettings = z.infer<typeof settings>;

const signing: Signing<QiniuSettings> = {
  names: tokenNames,
  check: (request, { keys }, pairs) => checkToken(request, keys, pairs),
  hasKeys: ({ keys }) => keys.length > 0,
};

const dialect: Dialect<QiniuSettings> = {
  name: 'qiniu',
  settings,
  namespaces: namespacesOfMarks,
  match: (request, mount) => claims(request, mount, tokenNames),
  parse: (request, mount, config) => parseFops(request, mount, config, qiniuVendor, signing),
  formatError: formatQiniuError,
};

/** Qiniu Dora: `imageView2`, `imageMogr2`, `watermark`, `roundPic`, `imageInfo`, `exif`, `imageAve`, pipes and styles. docs/dialects/qiniu.md. */
// The registry hands a mount over with the settings that this schema gave.
export const qiniu = dialect as Dialect;

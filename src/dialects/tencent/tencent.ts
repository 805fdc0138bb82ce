import type { z } from 'zod';
import type { Dialect } from '../dialect.ts';
import { claims, parseFops, type Signing } from '../fop/fop-dialect.ts';
import { unsupported } from '../fop/refusals.ts';
import { settingsFor } from '../fop/settings.ts';
import { namespacesOfMarks } from '../mark-named.ts';
import { formatTencentError } from './errors.ts';
import { tencentVendor } from './vendor.ts';

const settings = settingsFor(tencentVendor, '/', {});

type TencentSettings = z.infer<typeof settings>;

/** Parts of a query that make a signature of the object store. */
const signatureNames: ReadonlySet<string> = new Set([
  'q-sign-algorithm',
  'q-ak',
  'q-sign-time',
  'q-key-time',
  'q-header-list',
  'q-url-param-list',
  'q-signature',
]);

const signing: Signing<TencentSettings> = {
  names: signatureNames,
  check: (_request, _settings, pairs) => {
    if (pairs.size > 0) throw unsupported('Signatures of the object store (`q-sign-...`) are not checked here.');
    return null;
  },
  hasKeys: () => false,
};

const dialect: Dialect<TencentSettings> = {
  name: 'tencent',
  settings,
  namespaces: namespacesOfMarks,
  match: (request, mount) => claims(request, mount, signatureNames),
  parse: (request, mount, config) => parseFops(request, mount, config, tencentVendor, signing),
  formatError: formatTencentError,
};

/** Tencent Cloud Infinite: `imageMogr2`, `imageView2`, `watermark`, `imageInfo`, `exif`, `imageAve`, pipes and styles. docs/dialects/tencent.md. */
// The registry hands a mount over with the settings that this schema gave.
export const tencent = dialect as Dialect;

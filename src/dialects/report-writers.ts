import { PileusError } from '../shared/errors.ts';
import { jsonReport as cloudflareJson } from './cloudflare/json-report.ts';
import type { ReportWriter } from './dialect.ts';
import { hueReport } from './hue-report.ts';
import { writeInfo } from './iiif/info.ts';
import { infoReport as imaginaryInfo } from './imaginary/info-report.ts';
import { metaReport as imagorMeta, paramsReport } from './imagor/reports.ts';
import { infoReport as imgproxyInfo } from './imgproxy/info-report.ts';
import { infoReport } from './oss/views.ts';
import { qiniuReports } from './qiniu/reports.ts';
import { tencentReports } from './tencent/reports.ts';
import { metaReport as thumborMeta } from './thumbor/meta-report.ts';
import { jsonReport as weservJson } from './weserv/json-report.ts';

/**
 * The bodies that grammars have for what is known of a source without decoding it, by grammar and the `as` of a plan's report.
 * Workers write them and read no URLs: the grammars themselves are not theirs to load.
 */
const writers: Readonly<Record<string, Readonly<Record<string, ReportWriter>>>> = {
  cloudflare: { json: cloudflareJson },
  iiif: { info: writeInfo },
  imaginary: { info: imaginaryInfo },
  imgproxy: { info: imgproxyInfo },
  imagor: { meta: imagorMeta, params: paramsReport },
  oss: { info: infoReport, 'average-hue': hueReport },
  qiniu: qiniuReports,
  tencent: tencentReports,
  thumbor: { meta: thumborMeta },
  weserv: { json: weservJson },
};

/** What writes the body of a report (`Plan.report.as`), `<grammar>/<report>`. Throws internal for one that there is not. */
export function reportWriter(as: string): ReportWriter {
  const [grammar = '', report = ''] = as.split('/');
  const writer = writers[grammar]?.[report];
  if (writer === undefined) throw new PileusError('internal', { cause: new Error(`no report ${as}`) });
  return writer;
}

import { describe, expect, it } from 'vitest';
import { infoReport } from '../../../src/dialects/oss/views.ts';
import { reportWriter } from '../../../src/dialects/report-writers.ts';
import { noDetails } from '../../../src/plan/header/details.ts';
import { type ErrorCode, errorTable, PileusError } from '../../../src/shared/errors.ts';
import { makeHeader } from '../../plan/resolve/scene.ts';
import { refusal } from '../native/sample-config.ts';
import { formattedAt, ossMount, parseAt } from './mount.ts';

const format = (error: PileusError) => formattedAt('/hotel/a.jpg', ossMount(), error);
const codeIn = (body: string | undefined) => /<Code>(.*)<\/Code>/.exec(body ?? '')?.[1];

describe('errors', () => {
  it('are XML', () => {
    expect(format(new PileusError('source_not_found'))).toEqual({
      status: 404,
      contentType: 'application/xml',
      headers: { 'x-oss-request-id': 'req-1' },
      body: [
        '<?xml version="1.0" encoding="UTF-8"?>',
        '<Error>',
        '  <Code>NoSuchKey</Code>',
        '  <Message>The source does not exist.</Message>',
        '  <RequestId>req-1</RequestId>',
        '  <HostId>hotel</HostId>',
        '</Error>',
        '',
      ].join('\n'),
    });
  });

  it.each<[ErrorCode, number, string]>([
    ['bad_value', 400, 'InvalidArgument'],
    ['bad_key', 400, 'InvalidObjectName'],
    ['signature_missing', 403, 'AccessDenied'],
    ['original_protected', 403, 'AccessDenied'],
    ['signature_invalid', 403, 'SignatureDoesNotMatch'],
    ['preset_not_found', 404, 'NoSuchStyle'],
    ['source_too_many_pixels', 400, 'ImageTooLarge'],
    ['operation_unsupported', 400, 'BadRequest'],
    ['not_an_image', 400, 'BadRequest'],
    ['source_mismatch', 400, 'BadRequest'],
    ['mark_unusable', 400, 'WatermarkError'],
    ['overloaded', 503, 'ServiceUnavailable'],
    ['origin_timeout', 500, 'InternalError'],
  ])('%s is %i %s', (code, status, name) => {
    const formatted = format(new PileusError(code));
    expect([formatted?.status, codeIn(formatted?.body)]).toEqual([status, name]);
  });

  it.each([
    ['image/resize', 400, 'MissingArgument'],
    ['image/resize,w_0', 400, 'InvalidArgument'],
    ['image/watermark,image_eA', 400, 'WatermarkError'],
    ['image/watermark,text_eA', 400, 'WatermarkError'],
    ['image/watermark,text_eA,image_eA', 501, 'NotImplemented'],
    ['image/format,heic', 501, 'NotImplemented'],
    ['style/none', 404, 'NoSuchStyle'],
  ])('%s is %i %s', (text, status, name) => {
    const url = `/hotel/a.jpg?x-oss-process=${text}`;
    const formatted = formattedAt(
      url,
      ossMount(),
      refusal(() => parseAt(url, ossMount())),
    );
    expect([formatted?.status, codeIn(formatted?.body)]).toEqual([status, name]);
  });

  it('are all known, and never a success', () => {
    for (const code of Object.keys(errorTable) as ErrorCode[]) {
      const formatted = format(new PileusError(code));
      expect(formatted?.status, code).toBeGreaterThanOrEqual(400);
      expect(codeIn(formatted?.body), code).toMatch(/^[A-Z][A-Za-z]+$/);
    }
  });

  it('never break the XML, whatever the URL held', () => {
    const body = format(new PileusError('bad_value', { detail: '</Message><a>&\u0000\ud800\ufffe😀' }))?.body;
    expect(body).toContain('&lt;/Message&gt;&lt;a&gt;&amp;???😀</Message>');
  });

  it('of native paths stay native', () => {
    expect(formattedAt('/hotel/a.jpg/~w_0.webp', ossMount(), new PileusError('bad_value'))).toBeNull();
  });
});

describe('info', () => {
  const facts = (changes: Parameters<typeof makeHeader>[0]) => ({
    version: 'v1',
    bytes: 21_839,
    header: makeHeader({ width: 400, height: 267, ...changes }),
    modifiedMs: null,
  });

  it('is the published body', () => {
    const { contentType, body } = reportWriter('oss/info')(facts({}), {});
    expect(contentType).toBe('application/json');
    expect(JSON.parse(body)).toEqual({
      FileSize: { value: '21839' },
      Format: { value: 'jpg' },
      FrameCount: { value: '1' },
      ImageHeight: { value: '267' },
      ImageWidth: { value: '400' },
    });
  });

  it('tells of an orientation', () => {
    expect(JSON.parse(infoReport(facts({ orientation: 6 }), {}).body)).toMatchObject({ Orientation: { value: '6' } });
  });

  it('tells EXIF but the place', () => {
    const exif = [
      { group: 'image', name: 'Make', type: 2, value: 'Tin' },
      { group: 'gps', name: 'GPSLatitudeRef', type: 2, value: 'N' },
    ] as const;
    const said = JSON.parse(infoReport(facts({}), {}, { ...noDetails, exif }).body);
    expect(said.Make).toEqual({ value: 'Tin' });
    expect(said).not.toHaveProperty('GPSLatitudeRef');
  });
});

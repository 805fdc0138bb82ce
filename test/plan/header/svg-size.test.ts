import { describe, expect, it } from 'vitest';
import { readHeader } from '../../../src/plan/header/read-header.ts';
import { ascii, headerOf, outcome } from './builders.ts';

const svg = (attributes: string, before = ''): Buffer =>
  ascii(`${before}<svg xmlns="http://www.w3.org/2000/svg" ${attributes}><g/></svg>`);
const sizeOf = (attributes: string, before = '') => {
  const { width, height } = headerOf(svg(attributes, before));
  return [width, height];
};

describe('SVG', () => {
  it.each([
    ['width="200" height="100"', [200, 100]],
    ['width="200px" height="1e2"', [200, 100]],
    ['width="10.4" height="10.6"', [10, 11]],
    ['width="0.2" height="0.2"', [1, 1]],
    ['width="1in" height="72pt"', [96, 96]],
    ['width="25.4mm" height="2.54cm"', [96, 96]],
    ['width="2em" height="2pc"', [32, 32]],
    ['viewBox="0 0 30 20"', [30, 20]],
    ['viewBox="-5,-5 30,20" width="60"', [60, 40]],
    ['viewBox="0 0 30 20" height="60"', [90, 60]],
    ['viewBox="0 0 30 20" width="100%" height="50%"', [30, 10]],
    ['viewBox="0 0 30 20" width="50%" height="5"', [15, 5]],
    ['viewBox="0 0 0 20" width="7"', [7, 150]],
    ['viewBox="a b c d"', [300, 150]],
    ['', [300, 150]],
    ['width="100%" height="soon"', [300, 150]],
  ])('of %s is %j', (attributes, size) => {
    expect(sizeOf(attributes)).toEqual(size);
  });

  it('has alpha and one frame', () => {
    expect(headerOf(svg('width="2" height="3"'))).toMatchObject({
      format: 'svg',
      alpha: true,
      frames: 1,
      orientation: 1,
    });
  });

  it('abbreviates by entities of its own, which stand for text only', () => {
    const doctype = '<!DOCTYPE svg [<!ENTITY w "40"><!ENTITY h \'30\'>]>';
    expect(sizeOf('width="&w;" height="&h;"', doctype)).toEqual([40, 30]);
    const nested = '<!DOCTYPE svg [<!ENTITY a "1"><!ENTITY w "&a;0">]>';
    expect(outcome(svg('width="&w;"', nested))).toBe('unsupported_format');
    expect(outcome(svg('width="&constructor;"'))).toBe('unsupported_format');
    expect(outcome(svg('width="&file;"', '<!DOCTYPE svg [<!ENTITY file SYSTEM "file:///etc/passwd">]>'))).toBe(
      'unsupported_format',
    );
  });

  it('is given up when its entities add too much', () => {
    const doctype = `<!DOCTYPE svg [<!ENTITY a "${'x'.repeat(1000)}">]>`;
    expect(outcome(svg(`id="${'&a;'.repeat(10)}"`, doctype))).toBe('known');
    expect(outcome(svg(`id="${'&a;'.repeat(100)}"`, doctype))).toBe('undecodable');
  });

  it.each([
    ['no height', 'width="10" height="0"'],
    ['a width below zero', 'width="-5" height="10"'],
  ])('is undecodable with %s', (_name, attributes) => {
    expect(outcome(svg(attributes))).toBe('undecodable');
  });

  it('waits for its root element, and is truncated without it', () => {
    const begun = ascii('<?xml version="1.0"?><!-- <svg> --><svg width="10"');
    expect(outcome(begun, false)).toBe('need-more');
    expect(outcome(begun)).toBe('source_truncated');
    expect(readHeader(svg('width="4" height="3"').subarray(0, 70), false)).toMatchObject({
      state: 'known',
      final: true,
    });
  });

  it('is read in the encoding that it names', () => {
    const text = '<?xml version="1.0" encoding="ENC"?><svg xmlns="http://www.w3.org/2000/svg" width="5" height="4"/>';
    expect(headerOf(Buffer.from(text.replace('ENC', 'iso-8859-1'), 'latin1')).width).toBe(5);
    expect(headerOf(Buffer.from(`\ufeff${text}`, 'utf16le')).width).toBe(5);
    expect(outcome(ascii(text.replace('ENC', 'klingon')))).toBe('undecodable');
  });

  it('is not any element with an svg in it', () => {
    expect(outcome(ascii('<drawing xmlns="x"><svg/></drawing>'))).toBe('undecodable');
  });
});

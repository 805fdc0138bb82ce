import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sanitiseSvg } from '../../src/pipeline/sanitise-svg.ts';
import { cleanCss } from '../../src/pipeline/svg-references.ts';
import { isPileusError } from '../../src/shared/errors.ts';
import { gradient, png } from '../fixtures/pictures.ts';

const head = 'xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"';
const around = (inner: string, attributes = ''): string => `<svg ${head}${attributes}>${inner}</svg>`;
/** What is left of the inside of a root element. */
const inside = (inner: string): string => {
  const clean = sanitiseSvg(Buffer.from(around(inner)));
  const frame = /^<svg xmlns="[^"]*" xmlns:xlink="[^"]*">([\s\S]*)<\/svg>$/.exec(clean);
  if (!frame) throw new Error(clean);
  return frame[1] ?? '';
};
const codeOf = (text: string): string => {
  try {
    sanitiseSvg(Buffer.from(text));
    return 'made';
  } catch (error) {
    return isPileusError(error) ? error.code : String(error);
  }
};

describe('the sanitiser of SVG', () => {
  it.each([
    '<rect x="1" y="2" width="3" height="4" fill="#f00" transform="translate(1, 2) rotate(3)"></rect>',
    '<defs><linearGradient id="a"><stop offset="0"></stop></linearGradient></defs><path d="M0 0h1" fill="url(#a)"></path>',
    '<use href="#a"></use><use xlink:href="#b"></use>',
    '<text xml:space="preserve" font-family="Noto Sans">a &lt; b &amp; c</text>',
    '<style>.a{fill:url(#b);stroke:red}</style><g class="a" style="opacity:.5"></g>',
    '<animate attributeName="x" from="0" to="9" dur="1s"></animate>',
  ])('leaves what draws as it is: %s', (inner) => {
    expect(inside(inner)).toBe(inner);
  });

  it.each([
    ['a script', '<script>alert(1)</script>'],
    ['a script with a prefix', '<x:script xmlns:x="http://www.w3.org/2000/svg">alert(1)</x:script>'],
    ['a script within what goes', '<metadata><script>alert(1)</script><rect/></metadata>'],
    ['HTML', '<foreignObject><body xmlns="http://www.w3.org/1999/xhtml" onload="alert(1)"/></foreignObject>'],
    ['elements of HTML that are named like ours', '<h:a xmlns:h="http://www.w3.org/1999/xhtml" href="#a">x</h:a>'],
    ['a frame', '<iframe src="https://example.com"/>'],
    ['an include', '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="secret.txt" parse="text"/>'],
    ['a handler as an element', '<handler type="x">alert(1)</handler>'],
    ['an animation of a link', '<set attributeName="href" to="javascript:alert(1)"/>'],
    ['an animation of a prefixed link', '<animate attributeName=" xlink:href" values="javascript:alert(1)"/>'],
    ['an animation of a handler', '<set attributeName="onclick" to="alert(1)"/>'],
    ['comments and instructions', '<!-- <script> --><?xml-stylesheet href="a.css"?>'],
  ])('takes %s away', (_name, inner) => {
    expect(inside(inner)).toBe('');
  });

  it.each([
    ['event handlers', '<rect onclick="a()" ONLOAD="b()" OnError="c()"/>', '<rect></rect>'],
    ['a link to elsewhere', '<a href="https://example.com" target="_blank"><g/></a>', '<a><g></g></a>'],
    ['a link that runs', '<a xlink:href=" java&#10;script:alert(1)"><g/></a>', '<a><g></g></a>'],
    ['a use of another file', '<use href="other.svg#a"/>', '<use></use>'],
    ['a picture of another place', '<image href="//example.com/a.png" width="1"/>', '<image width="1"></image>'],
    ['a picture that is a file', '<image xlink:href="file:///etc/passwd"/>', '<image></image>'],
    ['an SVG in an SVG', '<image href="data:image/svg+xml;base64,PHN2Zz48L3N2Zz4="/>', '<image></image>'],
    ['a page in a picture', '<image href="data:text/html;base64,PHN2Zz48L3N2Zz4="/>', '<image></image>'],
    ['data anywhere but in pictures', '<use href="data:image/png;base64,AAAA"/>', '<use></use>'],
    ['a base', '<g xml:base="https://example.com/"/>', '<g></g>'],
    ['a fill from elsewhere', '<rect fill="url(https://example.com/#a)"/>', '<rect fill="none"></rect>'],
    ['a fill with escapes', '<rect fill="u\\72l(https://example.com/#a)"/>', '<rect></rect>'],
    [
      'a style from elsewhere',
      '<rect style="fill:url( &quot;http://a/&quot; ) red"/>',
      '<rect style="fill:none red"></rect>',
    ],
    ['attributes of other namespaces', '<g xmlns:i="urn:i" i:label="a" i:href="#b"/>', '<g></g>'],
    ['style within style', '<style>a{}<style>b{}</style>@import "c";</style>', '<style></style>'],
    ['an element within style', '<style>a{fill:red}<g>b</g></style>', '<style>a{fill:red}b</style>'.replace('b<', '<')],
  ])('takes %s away and leaves the rest', (_name, inner, left) => {
    expect(inside(inner)).toBe(left);
  });

  it('keeps pictures of pixels that are carried along, as far as they are few pixels', async () => {
    const url = `data:image/png;base64,${(await png(gradient(8, 6))).toString('base64')}`;
    const one = `<image href="${url}"></image>`;
    expect(inside(one)).toBe(one);
    const large = Buffer.from(await png(gradient(8, 6)));
    large.writeUInt32BE(5000, 16);
    large.writeUInt32BE(4000, 20);
    expect(inside(`<image href="data:image/png;base64,${large.toString('base64')}"/>`)).toBe('<image></image>');
    expect(inside('<image href="data:image/png;base64,bm8gcGljdHVyZQ=="/>')).toBe('<image></image>');
  });

  it('writes the root anew, without what it does not know', () => {
    const text = `<!DOCTYPE svg [<!ENTITY ns "http://www.w3.org/2000/svg">]><s:svg xmlns:s="&ns;" width="4" onload="a()"><s:g/></s:svg>`;
    expect(sanitiseSvg(Buffer.from(text))).toBe(
      '<svg width="4" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink"><g></g></svg>',
    );
  });

  it.each([
    ['laughs', '<!DOCTYPE svg [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]><svg>&b;</svg>', 'unsupported_format'],
    ['a root that is none', '<html><svg/></html>', 'undecodable'],
    ['ends in the wrong order', '<svg><g></svg></g>', 'undecodable'],
    ['a second root', '<svg/><svg/>', 'undecodable'],
    ['too many levels', `<svg>${'<g>'.repeat(200)}`, 'undecodable'],
    ['too many levels of what goes', `<svg>${'<x>'.repeat(200)}`, 'undecodable'],
    ['too many elements', `<svg>${'<g/>'.repeat(100_001)}</svg>`, 'undecodable'],
    ['no end', '<svg><g>', 'source_truncated'],
    ['an end within a tag', '<svg><g', 'source_truncated'],
    ['nothing', '', 'source_truncated'],
  ])('refuses %s', (_name, text, code) => {
    expect(codeOf(text)).toBe(code);
  });

  it('takes time in proportion to what would make it look again and again', () => {
    // A quadratic search would take hours here; the test would be stopped.
    const length = 400_000;
    for (const unit of ['/*', 'url(', 'url( ', 'url("', ' ', '@', 'image ', 'url(#'])
      expect(typeof cleanCss(`url(${unit.repeat(length / unit.length)}`)).toBe('string');
    expect(codeOf(around(`<style>${'/*'.repeat(length)}</style>`))).toBe('made');
  });

  it('is content with what it wrote itself, and lets nothing run, whatever the text', () => {
    const pieces = fc.constantFrom(
      ...[
        '<g>',
        '</g>',
        '<script>',
        '</script>',
        '<style>',
        '</style>',
        '<a ',
        'href="',
        '"',
        '>',
        '/>',
        'javascript:',
        '<![CDATA[',
      ],
      ...[
        ']]>',
        '&lt;script&gt;',
        'onload="x"',
        ' ',
        'url(',
        'http://e/',
        ')',
        '@import',
        '#a',
        '<x:g xmlns:x="',
        '<!--',
        '-->',
        "'",
        '\\',
      ],
    );
    let made = 0;
    fc.assert(
      fc.property(fc.array(pieces, { maxLength: 14 }), (parts) => {
        const text = around(parts.join(''));
        let clean: string;
        try {
          clean = sanitiseSvg(Buffer.from(text));
        } catch (error) {
          expect(isPileusError(error) && ['undecodable', 'source_truncated'].includes(error.code)).toBe(true);
          return;
        }
        made++;
        expect(sanitiseSvg(Buffer.from(clean))).toBe(clean);
        expect(clean).not.toMatch(/<script|<[^>]*\sonload=|<[^>]*href="(?!#)/i);
        for (const [, css = ''] of clean.matchAll(/<style>([^<]*)<\/style>/g))
          expect(css).not.toMatch(/@import|url\((?!#)/i);
      }),
      { numRuns: 5000 },
    );
    expect(made).toBeGreaterThan(200);
  });
});

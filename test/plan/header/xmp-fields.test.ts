import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readXmp } from '../../../src/plan/header/xmp-fields.ts';

const packetOf = (content: string, attributes = ''): string =>
  `<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:mm="http://mm/" xmlns:st="http://st/"
 ${attributes}>${content}</rdf:Description></rdf:RDF></x:xmpmeta><?xpacket end="w"?>${' '.repeat(2048)}`;

describe('XMP', () => {
  it.each([
    ['<dc:format>image/jpeg</dc:format>', { dc: { format: 'image/jpeg' } }],
    ['<dc:format> Tin &amp; box\n</dc:format>', { dc: { format: 'Tin & box' } }],
    ['<dc:format><![CDATA[<b>]]></dc:format>', { dc: { format: '<b>' } }],
    ['<dc:format/>', { dc: { format: '' } }],
    [
      '<dc:creator><rdf:Seq><rdf:li>One</rdf:li><rdf:li>Two</rdf:li></rdf:Seq></dc:creator>',
      { dc: { creator: ['One', 'Two'] } },
    ],
    [
      '<dc:title><rdf:Alt><rdf:li xml:lang="x-default">A box</rdf:li></rdf:Alt></dc:title>',
      { dc: { title: ['A box'] } },
    ],
    ['<dc:subject><rdf:Bag/></dc:subject>', { dc: { subject: [] } }],
    ['<mm:From rdf:parseType="Resource"><st:a>1</st:a><st:b>2</st:b></mm:From>', { mm: { From: { a: '1', b: '2' } } }],
    ['<mm:From st:a="1"/>', { mm: { From: { a: '1' } } }],
    [
      '<mm:From><rdf:Description st:a="1"><st:b>2</st:b></rdf:Description></mm:From>',
      { mm: { From: { a: '1', b: '2' } } },
    ],
    [
      '<mm:History><rdf:Seq><rdf:li st:a="1"/><rdf:li rdf:parseType="Resource"><st:a>2</st:a></rdf:li></rdf:Seq></mm:History>',
      { mm: { History: [{ a: '1' }, { a: '2' }] } },
    ],
    ['<mm:Page rdf:resource="http://page/"/>', { mm: { Page: 'http://page/' } }],
  ])('%s', (content, fields) => {
    expect(readXmp(packetOf(content))).toEqual(fields);
  });

  it('properties may be attributes of the description, and descriptions may be several', () => {
    expect(readXmp(packetOf('<dc:format>a</dc:format>', 'mm:Lens="16-35"'))).toEqual({
      mm: { Lens: '16-35' },
      dc: { format: 'a' },
    });
  });

  it('names that objects have are names like any other', () => {
    const fields = readXmp(packetOf('<mm:__proto__>x</mm:__proto__><mm:constructor>y</mm:constructor>'));
    expect(Object.entries(fields?.mm ?? {})).toEqual([
      ['__proto__', 'x'],
      ['constructor', 'y'],
    ]);
  });

  it.each([
    ['text', 'hello'],
    ['an end that is missing', packetOf('').replace('</rdf:RDF>', '')],
    ['a prefix that is bound to nothing', packetOf('<no:ne>x</no:ne>')],
    ['a document type', `<!DOCTYPE x [<!ENTITY a "b">]>${packetOf('<dc:format>x</dc:format>')}`],
    ['an entity that is not of XML', packetOf('<dc:format>&nbsp;</dc:format>')],
    ['a packet that is too long', packetOf(' '.repeat(65_536))],
    [
      'a packet of more attributes than are compared',
      packetOf(`<rdf:li ${Array.from({ length: 2100 }, (_, at) => `a${at}=""`).join(' ')}/>`),
    ],
    ['elements too deep within one another', packetOf(`${'<mm:a>'.repeat(30)}${'</mm:a>'.repeat(30)}`)],
    ['too many values', packetOf('<mm:a>x</mm:a>'.repeat(513))],
  ])('%s is no packet', (_, packet) => {
    expect(readXmp(packet)).toBeNull();
  });

  it('a packet without properties has none', () => {
    expect(readXmp(packetOf(''))).toEqual({});
    expect(readXmp('<svg/>')).toEqual({});
    expect(readXmp('')).toEqual({});
  });

  it('long texts are cut', () => {
    const fields = readXmp(packetOf(`<dc:format>${'a'.repeat(3000)}</dc:format>`));
    expect(fields?.dc?.format).toHaveLength(1024);
  });

  it('whatever stands in it never throws', () => {
    const piece = fc.constantFrom(
      '<',
      '>',
      '/',
      'rdf:li',
      '<rdf:Seq>',
      '</rdf:Seq>',
      '<mm:a>',
      '</mm:a>',
      ' st:a="1"',
      '&',
      'x',
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
        const fields = readXmp(packetOf(pieces.join('')));
        expect(fields === null || typeof fields === 'object').toBe(true);
      }),
      { numRuns: 500 },
    );
  });
});

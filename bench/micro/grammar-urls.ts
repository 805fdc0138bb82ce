import type { MountWish } from '../../test/dialects/mounted.ts';

/** One URL of each grammar as pages have them, with several operations. */
export const grammarUrls: readonly (readonly [grammar: string, url: string, wish?: MountWish])[] = [
  [
    'native, ten operations',
    '/hotel/a.jpg/~c_10.10.900.900,m_cover,w_300,h_200,g_25.75,bl_1.5,sa_-20,bg_ff0000,q_80,pg_1.jpg',
  ],
  ['native, three stages', '/hotel/a.jpg/~m_cover,w_300,h_200,-,cr_100.100.c.0.0,w_90,-,rc_20,fl_h,q_80.webp'],
  [
    'imgproxy',
    '/x/unsafe/rs:fill:300:200:1/g:sm/bl:2/q:70/f:webp/plain/local:///g1/ab.jpg',
    { settings: { sources: { local: 'hotel', http: null } } },
  ],
  ['iiif', '/x/g1%2Fab.jpg/pct:10,10,50,50/300,/90/gray.png'],
  ['oss', '/x/g1/ab.jpg?x-oss-process=image/resize,m_fill,w_300,h_200/rotate,90/quality,q_80/format,webp'],
  ['nephele', '/x/g1/ab.jpg?x-nephele-process=image/resize,w_300,h_200/quality,v_80/format,v_webp'],
  ['nephele-2015', '/x/ab_R_300_200_Q80.jpg'],
  [
    'qiniu',
    '/x/g1/ab.jpg?imageMogr2/auto-orient/thumbnail/300x200%3E/gravity/North/crop/200x100/quality/80/format/webp',
  ],
  ['tencent', '/x/g1/ab.jpg?imageMogr2/thumbnail/300x200/crop/200x100/quality/80/format/webp'],
  ['suffix', '/x/g1/ab_50x50.jpg', { settings: { sizes: ['50x50'] } }],
  [
    'thumbor',
    '/x/unsafe/10x10:500x500/300x200/smart/filters:brightness(10):quality(70):format(webp)/g1/ab.jpg',
    { settings: { unsafe: true } },
  ],
  [
    'imagor',
    '/x/unsafe/fit-in/300x200/filters:brightness(10):round_corner(10):format(webp)/g1/ab.jpg',
    { settings: { unsafe: true } },
  ],
  ['imaginary', '/x/crop?width=300&height=200&gravity=smart&quality=70&type=webp&url=g1/ab.jpg'],
  ['cloudflare', '/x/cdn-cgi/image/width=300,height=200,fit=cover,gravity=0.3x0.7,quality=70,format=auto/g1/ab.jpg'],
  ['weserv', '/x/?url=g1/ab.jpg&w=300&h=200&fit=cover&a=attention&blur=2&output=webp'],
  ['ipx', '/x/s_300x200,fit_cover,blur_2,q_70,f_webp/g1/ab.jpg'],
  ['next', '/x/_next/image?url=%2Fg1%2Fab.jpg&w=640&q=75'],
];

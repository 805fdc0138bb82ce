// What pileus is measured against: the thirty lines that anybody would write first. One process, http and sharp.
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import sharp from 'sharp';

const [root = '.', format = 'jpeg'] = process.argv.slice(2);

const server = http.createServer(async (req, res) => {
  try {
    const [, key = '', width = '512'] = (req.url ?? '').split('/');
    const source = await readFile(path.join(root, path.basename(key)));
    const picture = sharp(source)
      .rotate()
      .resize({ width: Number(width), withoutEnlargement: true });
    const { data } = await (format === 'webp' ? picture.webp() : picture.jpeg()).toBuffer({ resolveWithObject: true });
    res.writeHead(200, { 'content-type': `image/${format}`, 'content-length': data.length });
    res.end(data);
  } catch {
    res.writeHead(500);
    res.end();
  }
});

server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  process.stdout.write(
    `${JSON.stringify({ event: 'ready', port: typeof address === 'object' ? address?.port : 0 })}\n`,
  );
});

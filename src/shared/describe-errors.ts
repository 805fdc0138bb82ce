import { type ErrorCode, errorEntry, errorTable } from './errors.ts';
import { writeDocument } from './write-document.ts';

/** The page docs/errors.md: every code of the table. Run as a program it writes the page. */
export function describeErrors(): string {
  const codes = Object.keys(errorTable) as ErrorCode[];
  return [...introduction, ...codes.map(row), ''].join('\n');
}

const introduction = [
  '# Errors',
  '',
  'Generated from src/shared/errors.ts (`npm run docs`); edit that.',
  '',
  'A failed request is answered with JSON: `{ "code", "message", "detail", "requestId" }`. `code` is stable and',
  'made for programs; `message` and `detail` (where there is one) are for people and may change. The request id also stands in',
  'the `X-Request-Id` header and in the access log.',
  '',
  '- Whose: who has to act. `client` asked for something impossible or forbidden, `origin` is where the original lives, `worker`',
  '  and `lb` are processes of this node.',
  '- Kept: how long the answer may be cached. `no-store`: not at all. `missing`: `missingFreshMs` in the node, ten seconds in a',
  '  shared cache. `by-version`: `failureFreshMs`, as long as the source stays the same.',
  '- Again: the same request may succeed soon.',
  '',
  '| code | status | message | when | whose | kept | again |',
  '| --- | --- | --- | --- | --- | --- | --- |',
];

function row(code: ErrorCode): string {
  const { status, message, doc, source, caching, retryable } = errorEntry(code);
  const cells = [`\`${code}\``, String(status), message, doc, source, caching, retryable ? 'yes' : 'no'];
  return `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
}

writeDocument(import.meta.url, 'errors.md', describeErrors);

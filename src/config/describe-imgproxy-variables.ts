import { writeDocument } from '../shared/write-document.ts';
import { imgproxyVariableGroups } from './imgproxy-variables.ts';

/** The page docs/dialects/imgproxy-environment.md: every variable of the table. Run as a program it writes the page. */
export function describeImgproxyVariables(): string {
  return [...introduction, ...imgproxyVariableGroups.flatMap(section)].join('\n');
}

const introduction = [
  '# The environment of imgproxy',
  '',
  'Generated from src/config/imgproxy-variables.ts (`npm run docs`); edit that.',
  '',
  '`pileus serve --as imgproxy` is configured by these variables alone. The right column says where a value goes: to options of the node',
  '([configuration.md](../configuration.md)), to settings of the one mount ([imgproxy.md](imgproxy.md)), or nowhere.',
  '',
  '- *passed over*: it makes no difference to what is served, for the reason given.',
  '- *refused*: what it asks for is not done, so the start fails and names the variable. Better no server than another one than was meant.',
  '- A variable with the prefix that does not stand here is refused as well. An empty one counts as not set.',
  '- In true and false imgproxy reads `1`, `t` and `true` as true, and everything else as false; so is it here.',
  '',
];

const section = ({ title, variables }: (typeof imgproxyVariableGroups)[number]): string[] => [
  `## ${title}`,
  '',
  '| variable | what becomes of it |',
  '| --- | --- |',
  ...variables.map(({ name, doc }) => `| \`IMGPROXY_${name}\` | ${doc} |`),
  '',
];

writeDocument(import.meta.url, 'dialects/imgproxy-environment.md', describeImgproxyVariables);

import type { Config } from '../../config/config.ts';
import type { SourceRef } from '../../plan/plan.ts';
import { type MarkNames, markNamed } from '../mark-named.ts';
import { quoted } from '../native/values.ts';
import { refusal } from './refusal.ts';

/** What actions need to know beside their own parameters. */
export type ActionContext = MarkNames &
  Readonly<{
    /** Names of registered fonts by the names that URLs use for them. */
    fonts: Readonly<Record<string, string>>;
    /** Null where a configuration is read that is not whole yet: then any name will do. */
    config: Pick<Config, 'assets' | 'namespaces'> | null;
  }>;

/** The picture that a URL's name for one stands for: a registered asset, or an original. Throws bad_value (WatermarkError), bad_key. */
export function pictureNamed(name: string, context: ActionContext): string | SourceRef {
  const mark = context.config === null ? name : markNamed(name, context, context.config);
  if (mark !== null) return mark;
  throw refusal('bad_value', `There is no watermark picture ${quoted(name)}.`, 'WatermarkError');
}

/** The registered font that a URL's name for one stands for. Throws bad_value (WatermarkError). */
export function fontNamed(name: string, { fonts, config }: ActionContext): string {
  const asset = Object.hasOwn(fonts, name) ? (fonts[name] ?? name) : name;
  if (config === null || (Object.hasOwn(config.assets, asset) && config.assets[asset]?.font)) return asset;
  throw refusal('bad_value', `There is no font ${quoted(name)}.`, 'WatermarkError');
}

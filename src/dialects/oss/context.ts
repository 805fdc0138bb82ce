import type { Config } from '../../config/config.ts';
import { quoted } from '../native/values.ts';
import { refusal } from './refusal.ts';

/** What actions need to know beside their own parameters. */
export type ActionContext = Readonly<{
  /** Names of registered assets by the names that URLs use for them. */
  watermarks: Readonly<Record<string, string>>;
  /** Names of registered fonts by the names that URLs use for them. */
  fonts: Readonly<Record<string, string>>;
  /** The registered assets; null where a configuration is read that does not have them yet. */
  assets: Config['assets'] | null;
}>;

/** The registered asset that a URL's name for a picture stands for. Throws bad_value (WatermarkError). */
export function assetNamed(name: string, { watermarks, assets }: ActionContext): string {
  const asset = Object.hasOwn(watermarks, name) ? (watermarks[name] ?? name) : name;
  if (assets === null || Object.hasOwn(assets, asset)) return asset;
  throw refusal('bad_value', `There is no watermark picture ${quoted(name)}.`, 'WatermarkError');
}

/** The registered font that a URL's name for one stands for. Throws bad_value (WatermarkError). */
export function fontNamed(name: string, { fonts, assets }: ActionContext): string {
  const asset = Object.hasOwn(fonts, name) ? (fonts[name] ?? name) : name;
  if (assets === null || (Object.hasOwn(assets, asset) && assets[asset]?.font)) return asset;
  throw refusal('bad_value', `There is no font ${quoted(name)}.`, 'WatermarkError');
}

import { tryInfoOption } from './info.ts';
import { tryOption } from './options.ts';
import { type PresetFault, presetFaults } from './presets.ts';
import { imgproxySettings } from './settings.ts';

/** Settings of a mount, its presets read: each fault of theirs is one of the configuration. */
export const mountSettings = imgproxySettings.superRefine((settings, context) => {
  const { presets, infoPresets, argumentsSeparator, allowSecurityOptions } = settings;
  const tell = (setting: string, faults: readonly PresetFault[]): void => {
    for (const { preset, problem } of faults)
      context.addIssue({ code: 'custom', path: [setting, preset], message: problem });
  };
  tell(
    'presets',
    presetFaults(presets, argumentsSeparator, (option) => tryOption(option, allowSecurityOptions)),
  );
  tell('infoPresets', presetFaults(infoPresets, argumentsSeparator, tryInfoOption));
});

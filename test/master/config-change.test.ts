import { describe, expect, it } from 'vitest';
import { rollRefusal, withoutKeys, withRestartOptionsOf } from '../../src/master/config-change.ts';
import { namespace, testConfig } from './test-config.ts';

describe('configuration change', () => {
  it('lets a rolling restart bring in any option but those of the master itself', () => {
    expect(rollRefusal(testConfig(), testConfig({ blobBufferBytes: 1_048_576, jpegQuality: 50 }))).toBeNull();
    expect(rollRefusal(testConfig(), testConfig({ adminPort: 9999, runtimeDir: '/run' }))).toMatch(
      /^adminPort, runtimeDir .* need a new start/,
    );
  });

  it('gives running children the live values of the new and the restart values of the old', () => {
    const running = testConfig({ blobBufferBytes: 2_097_152, jpegQuality: 80 });
    const fresh = testConfig({ blobBufferBytes: 1_048_576, jpegQuality: 50 }, { revision: 2 });
    const { options, revision } = withRestartOptionsOf(running, fresh);
    expect([revision, options.blobBufferBytes, options.jpegQuality]).toEqual([2, 2_097_152, 50]);
  });

  it('takes the signing keys out of what a worker gets', () => {
    const keyed = testConfig({}, { namespaces: { photos: { ...namespace, keys: [{ kid: 'a', secret: 'hush' }] } } });
    expect(JSON.stringify(withoutKeys(keyed))).not.toContain('hush');
    expect(withoutKeys(keyed).namespaces.photos).toEqual({ ...namespace, keys: [] });
  });
});

// Where new timelines lie: each platform's place for a user's data.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { dataDirectory, newStorePath } from '../../src/session/storePaths.ts';

test('the data directory follows the platform', () => {
  const at = (platform: NodeJS.Platform, env: Record<string, string> = {}) =>
    dataDirectory({ platform, env, home: '/home/ada' }).replaceAll('\\', '/');
  assert.equal(at('linux'), '/home/ada/.local/share/semantic-state-debugger');
  assert.equal(at('linux', { XDG_DATA_HOME: '/data' }), '/data/semantic-state-debugger');
  assert.equal(at('linux', { XDG_DATA_HOME: 'relative' }), '/home/ada/.local/share/semantic-state-debugger');
  assert.equal(at('darwin'), '/home/ada/Library/Application Support/semantic-state-debugger');
  assert.equal(at('win32', { LOCALAPPDATA: '/local' }), '/local/semantic-state-debugger');
});

test('a new timeline is named after its target, whatever that is called', () => {
  const path = newStorePath('../../etc/../shop one', '2026-03-01T10:30:12.000001Z', '/data');
  assert.equal(
    path.replaceAll('\\', '/'),
    '/data/timelines/etc-..-shop-one-2026-03-01T10-30-12.semstate'.replace('/etc', '/..-..-etc'),
  );
});

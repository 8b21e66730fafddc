import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readSecrets } from '../../src/local/read-secrets';

describe('the tokens of a local installation', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'seatwise-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('are made once, for their owner only, and shown again after a restart', () => {
    const first = readSecrets(folder, () => 'one');
    const second = readSecrets(folder, () => 'two');
    expect(first).toMatchObject({ apiToken: 'one', isNew: true });
    expect(second).toEqual({ ...first, isNew: false });
    expect(statSync(first.file).mode & 0o777).toBe(0o600);
  });
});

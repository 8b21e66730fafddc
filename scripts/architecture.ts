/**
 * `npm run architecture`: draws into ARCHITECTURE.md which layers and rooms of `src` import which, as
 * dependency-cruiser finds them. With `--check` it writes nothing, and fails if the picture is not
 * current.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Import, picture, withPicture } from './architecture/imports-picture';
import { runPage } from './run-page';

const root = path.resolve(__dirname, '..');

async function readImports(): Promise<Import[]> {
  const { cruise } = await import('dependency-cruiser');
  const { output } = await cruise(['src'], {
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(node_modules|dist)/' },
    includeOnly: '^src/',
    baseDir: root,
  });
  if (typeof output === 'string') throw new Error('dependency-cruiser answered with a text');
  return output.modules.flatMap(({ source, dependencies }) =>
    dependencies.map(({ resolved }) => ({ from: source, to: resolved })),
  );
}

void runPage({
  file: path.join(root, 'ARCHITECTURE.md'),
  command: 'npm run architecture',
  make: async (file) => ({
    text: withPicture(readFileSync(file, 'utf8'), picture(await readImports())),
    faults: [],
  }),
});

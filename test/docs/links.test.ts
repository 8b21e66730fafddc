import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(__dirname, '..', '..');
/** Generated pages are compared with what generates them instead. */
const pages = ['.', 'bench', 'docs', 'examples', 'scripts', 'src', 'test'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: folder !== '.', encoding: 'utf8' })
    .filter((file) => file.endsWith('.md') && !file.startsWith('generated'))
    .map((file) => path.join(folder, file))
    .sort(),
);

/** A page without its blocks of code: what stands there is no link. */
function textOf(page: string): string {
  return readFileSync(path.join(root, page), 'utf8').replace(/^ *```[\s\S]*?^ *```$/gm, '');
}

/** The anchors of a page's headings, as GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...textOf(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replace(/ /g, '-'),
  );
}

describe.each(pages)('%s', (page) => {
  const folder = path.dirname(page);

  it('links only to files and headings that are there', () => {
    const links = [...textOf(page).matchAll(/\]\((?!https?:|mailto:)([^)\s]+)\)/g)];
    const broken = links.filter(([, link = '']) => {
      const [file = '', anchor] = link.split('#');
      const target = file === '' ? page : path.join(folder, file);
      if (!existsSync(path.join(root, target))) return true;
      return anchor !== undefined && !anchorsOf(target).includes(anchor);
    });
    expect(broken.map(([, link]) => link)).toEqual([]);
  });

  it('names only paths of the repository that are there', () => {
    const named = textOf(page).matchAll(
      /`((?:src|test|scripts|bench|docs|docker|examples)\/[\w./-]+)`/g,
    );
    const missing = [...named].filter(([, name = '']) => {
      const file = path.join(root, name);
      return !existsSync(file) && !existsSync(`${file}.ts`);
    });
    expect(missing.map(([, name]) => name)).toEqual([]);
  });
});

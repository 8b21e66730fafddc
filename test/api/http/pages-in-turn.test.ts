import { pagesInTurn } from '../../../src/api/http/pages-in-turn';

let making = 0;
let mostAtOnce = 0;

async function* pages(name: string, made: string[], n = 3): AsyncGenerator<string> {
  try {
    for (let page = 1; page <= n; page += 1) {
      making += 1;
      mostAtOnce = Math.max(mostAtOnce, making);
      await new Promise((resolve) => setImmediate(resolve));
      making -= 1;
      made.push(`${name}${page}`);
      yield `${name}${page}`;
    }
  } finally {
    made.push(`${name} closed`);
  }
}

async function read(name: string, made: string[]): Promise<string[]> {
  const seen: string[] = [];
  for await (const page of pagesInTurn(pages(name, made))) seen.push(page);
  return seen;
}

describe('the pages of downloads', () => {
  it('are made two at a time, and each download gets all of its own', async () => {
    const made: string[] = [];
    const files = await Promise.all(['a', 'b', 'c', 'd'].map((name) => read(name, made)));
    expect(files).toEqual(['a', 'b', 'c', 'd'].map((name) => [`${name}1`, `${name}2`, `${name}3`]));
    expect(mostAtOnce).toBe(2);
    // Nobody waits until another file is finished.
    expect(made.indexOf('d1')).toBeLessThan(made.indexOf('a3'));
  });

  it('are not made while nobody reads them, and hold no turn then', async () => {
    const made: string[] = [];
    const idle = ['x', 'y', 'z'].map((name) => pagesInTurn(pages(name, made)));
    await Promise.all(idle.map((file) => file.next()));
    expect(await read('a', made)).toHaveLength(3);
    expect(made).not.toContain('x2');
    for (const file of idle) await file.return(undefined);
    expect(made).toContain('x closed');
  });

  it('give their turn back after a failure', async () => {
    async function* failing(): AsyncGenerator<string> {
      yield await Promise.reject(new Error('failed'));
    }
    for (let n = 0; n < 3; n += 1) {
      await expect(pagesInTurn(failing()).next()).rejects.toThrow('failed');
    }
    expect(await read('a', [])).toHaveLength(3);
  });
});

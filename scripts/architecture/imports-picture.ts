/** One import between two files of `src`, as paths from the root of the repository. */
export interface Import {
  from: string;
  to: string;
}

/** Places (layers, or the rooms of one layer) by name, each with the places that it imports. */
type Imports = ReadonlyMap<string, ReadonlySet<string>>;

const begin = '<!-- imports: begin -->';
const end = '<!-- imports: end -->';

/** The layer of a file: the first folder below `src`; null for a file at the top. */
export function layerOf(file: string): string | null {
  return /^src\/([^/]+)\//.exec(file)?.[1] ?? null;
}

/** The room of a file, `domain/plan`; null for a file at the top of a layer. */
export function roomOf(file: string): string | null {
  return /^src\/([^/]+\/[^/]+)\//.exec(file)?.[1] ?? null;
}

/** Lifts imports between files to imports between places. A place never imports itself. */
export function importsBetween(
  imports: readonly Import[],
  placeOf: (file: string) => string | null,
): Imports {
  const found = new Map<string, Set<string>>();
  const seen = (place: string) => {
    const reached = found.get(place) ?? new Set<string>();
    found.set(place, reached);
    return reached;
  };
  for (const { from, to } of imports) {
    const [source, target] = [placeOf(from), placeOf(to)];
    if (source !== null) seen(source);
    if (target !== null) seen(target);
    if (source !== null && target !== null && source !== target) seen(source).add(target);
  }
  return found;
}

/**
 * The places in steps from the bottom up: a place imports only from earlier steps. Throws where a
 * circle makes that impossible.
 */
export function stepsOf(imports: Imports): string[][] {
  const steps: string[][] = [];
  const placed = new Set<string>();
  while (placed.size < imports.size) {
    const next = [...imports.keys()].filter(
      (place) =>
        !placed.has(place) && [...(imports.get(place) ?? [])].every((to) => placed.has(to)),
    );
    if (next.length === 0) {
      const left = [...imports.keys()].filter((place) => !placed.has(place));
      throw new Error(`These import each other in a circle: ${left.sort().join(', ')}`);
    }
    for (const place of next) placed.add(place);
    steps.push(next.sort());
  }
  return steps;
}

/** The imports that aren't implied by others: of a → b → c and a → c, the last one is left out. */
export function withoutImplied(imports: Imports): [string, string][] {
  const reaches = (from: string, to: string): boolean =>
    [...(imports.get(from) ?? [])].some((next) => next === to || reaches(next, to));
  return [...imports].flatMap(([from, targets]) =>
    [...targets]
      .filter((to) => ![...targets].some((other) => other !== to && reaches(other, to)))
      .sort()
      .map((to): [string, string] => [from, to]),
  );
}

/** The picture as Markdown: a graph of the layers, then the rooms of each layer from the bottom up. */
export function picture(imports: readonly Import[]): string {
  const layers = importsBetween(imports, layerOf);
  const graph = withoutImplied(layers).map(([from, to]) => `  ${from} --> ${to}`);
  const rows = stepsOf(layers)
    .flat()
    .map((layer) => ({ layer, rooms: roomsOf(imports, layer) }))
    .filter(({ rooms }) => rooms !== '')
    .map(({ layer, rooms }) => `| \`${layer}\` | ${rooms} |`);
  return [
    '```mermaid',
    'graph TD',
    ...graph.sort(),
    '```',
    '',
    '| layer | its rooms, from the bottom up |',
    '| --- | --- |',
    ...rows,
  ].join('\n');
}

function roomsOf(imports: readonly Import[], layer: string): string {
  const inside = imports.filter(({ from, to }) => layerOf(from) === layer && layerOf(to) === layer);
  const steps = stepsOf(importsBetween(inside, roomOf));
  const name = (room: string) => `\`${room.slice(layer.length + 1)}\``;
  return steps.map((step) => step.map(name).join(', ')).join(' → ');
}

/** The page with this text between its two marks. */
export function withPicture(page: string, text: string): string {
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`The page needs the marks ${begin} and ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${text}\n\n${page.slice(to)}`;
}

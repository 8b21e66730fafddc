/** A test that proves rules: its file under `test/`, and its name there. */
export interface Proof {
  file: string;
  name: string;
  rules: string[];
}

/** `- **R1** A sentence. [H1]` */
const ruleLine = /^- \*\*(R\d+[ab]?)\*\* \S.* \[(?:(?:H1\+?|H2|H3|API|OBS|DRAFT|OURS)(?:, )?)+\]$/;

/** The numbers of the rules that the page holds, in its order. */
export function rulesOf(page: string): string[] {
  return page.split('\n').flatMap((line) => ruleLine.exec(line)?.[1] ?? []);
}

/** The page with the tests that prove each rule below it, in the place of those that stood there. */
export function withProofs(page: string, proofs: readonly Proof[]): string {
  const written = page.split('\n').filter((line) => !line.startsWith('  - '));
  return written
    .flatMap((line) => {
      const rule = ruleLine.exec(line)?.[1];
      if (rule === undefined) return [line];
      const proving = proofs.filter(({ rules }) => rules.includes(rule));
      return [line, ...new Set(proving.map(proofLine))];
    })
    .join('\n');
}

function proofLine({ file, name }: Proof): string {
  return `  - [${file}](../test/${file}) › ${name.replace(/[\\`*_<>[\]|~#]/g, '\\$&')}`;
}

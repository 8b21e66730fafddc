import type { Rule } from './rules-page';

/** A test that proves rules: its file below `test/`, and its name there. */
export interface Proof {
  file: string;
  name: string;
  rules: string[];
}

const head = `# What proves the rules

Made from the names of the tests by \`npm run rules\`: don't edit this page. The rules themselves are in
[rules.md](../rules.md).
`;

/** The page that lists below each rule the tests which prove it, by file. */
export function coveragePage(rules: readonly Rule[], proofs: readonly Proof[]): string {
  const themes = [...new Set(rules.map(({ theme }) => theme))];
  const sections = themes.map((theme) => {
    const own = rules.filter((rule) => rule.theme === theme && rule.isEnforced);
    const proved = own.map(({ number }) => ruleSection(number, proofs));
    return own.length === 0 ? '' : [`## ${theme}`, ...proved].join('\n\n');
  });
  return [head, ...sections.filter((section) => section !== '')].join('\n');
}

/** What is wrong: rules without a test, marks that are out of date, and tests of unknown rules. */
export function coverageFaults(rules: readonly Rule[], proofs: readonly Proof[]): string[] {
  const proven = new Set(proofs.flatMap((proof) => proof.rules));
  const unproven = rules.filter((rule) => rule.isEnforced && !proven.has(rule.number));
  const enforced = rules.filter((rule) => !rule.isEnforced && proven.has(rule.number));
  const known = new Set(rules.map((rule) => rule.number));
  return [
    ...unproven.map(({ number }) => `No test proves ${number}`),
    ...enforced.map(
      ({ number }) => `A test proves ${number}: it is not "not yet enforced" any more`,
    ),
    ...proofs.flatMap(({ file, name, rules: named }) =>
      named
        .filter((rule) => !known.has(rule))
        .map((rule) => `docs/rules.md has no ${rule} (${file}: ${name})`),
    ),
  ];
}

function ruleSection(number: string, proofs: readonly Proof[]): string {
  const proving = proofs.filter(({ rules }) => rules.includes(number));
  const files = [...new Set(proving.map(({ file }) => file))];
  const lines = files.flatMap((file) => [
    `- [${file}](../../test/${file})`,
    ...new Set(
      proving.filter((proof) => proof.file === file).map(({ name }) => `  - ${escaped(name)}`),
    ),
  ]);
  return [`### ${number}`, lines.join('\n')].join('\n\n');
}

function escaped(name: string): string {
  return name.replace(/[\\`*_<>[\]|~#]/g, '\\$&');
}

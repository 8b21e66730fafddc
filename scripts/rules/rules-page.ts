/** A rule of docs/rules.md, with the theme that it stands under. */
export interface Rule {
  number: string;
  theme: string;
  /** False for a rule that is agreed on and marked as not yet enforced: no test can prove it. */
  isEnforced: boolean;
}

const source = String.raw`(?:H1\+?|H2|H3|API|OBS|DRAFT|OURS)`;

/** `- **R1** A sentence. [H1]`, or `- **R87** (not yet enforced) A sentence. [OURS]` */
const ruleLine = new RegExp(
  String.raw`^- \*\*(R\d+[ab]?)\*\* (\(not yet enforced\) )?\S.* \[${source}(?:, ${source})*\]$`,
);

/** The rules that the page holds, in its order. */
export function rulesOf(page: string): Rule[] {
  let theme = '';
  return page.split('\n').flatMap((line) => {
    if (line.startsWith('## ')) theme = line.slice(3);
    const found = ruleLine.exec(line);
    return found?.[1] === undefined
      ? []
      : [{ number: found[1], theme, isEnforced: found[2] === undefined }];
  });
}

import ts from 'typescript';

/** A rule's number, wherever it stands in the name of a test. */
const ruleNumber = /\bR\d+[ab]?\b/g;

/** The names of the tests in a file, as `describe › it`; one for each row of a table that names rules. */
export function testNamesOf(source: string): string[] {
  const file = ts.createSourceFile('test.ts', source, ts.ScriptTarget.ES2022, true);
  const names: string[] = [];
  visit(file, []);
  return names;

  function visit(node: ts.Node, path: readonly string[]): void {
    const call = ts.isCallExpression(node) ? readCall(node) : null;
    if (!call) {
      ts.forEachChild(node, (child) => visit(child, path));
      return;
    }
    for (const title of call.titles) {
      if (call.kind === 'it') names.push([...path, title].join(' › '));
      else ts.forEachChild(node, (child) => visit(child, [...path, title]));
    }
  }

  function readCall({ expression, arguments: [first] }: ts.CallExpression) {
    const title = first && textOf(first);
    if (title === undefined) return null;
    const table = ts.isCallExpression(expression) ? expression.arguments[0] : undefined;
    const kind = kindOf(table ? (expression as ts.CallExpression).expression : expression);
    if (!kind) return null;
    const rows = table ? rowNamesOf(resolveConstant(table)) : [];
    return { kind, titles: rows.length > 0 ? rows.map((row) => fill(title, row)) : [title] };
  }

  /** `it.each(rows)`: a table that stands elsewhere in the file is looked up there. */
  function resolveConstant(table: ts.Expression): ts.Node {
    if (!ts.isIdentifier(table)) return table;
    const declared = file.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => [...declarationList.declarations]);
    return declared.find(({ name }) => name.getText() === table.text)?.initializer ?? table;
  }
}

/** The rules that a test's name names. */
export function rulesIn(name: string): string[] {
  return [...new Set(name.match(ruleNumber) ?? [])];
}

function kindOf(callee: ts.Expression): 'describe' | 'it' | null {
  const [word] = callee.getText().split('.');
  if (word === 'describe') return 'describe';
  return word === 'it' || word === 'test' ? 'it' : null;
}

function textOf(node: ts.Expression): string | undefined {
  if (ts.isStringLiteralLike(node)) return node.text;
  if (!ts.isTemplateExpression(node)) return undefined;
  return node.head.text + node.templateSpans.map(({ literal }) => `…${literal.text}`).join('');
}

/** What stands in a table and reads like the name of a test: a rule's number with words after it. */
function rowNamesOf(table: ts.Node): string[] {
  if (ts.isStringLiteralLike(table)) return /^R\d+[ab]?,? \S/.test(table.text) ? [table.text] : [];
  const names: string[] = [];
  ts.forEachChild(table, (child) => void names.push(...rowNamesOf(child)));
  return names;
}

function fill(title: string, row: string): string {
  return title.replace(/%[sjp]|\$\w+/, () => row);
}

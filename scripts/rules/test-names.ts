import ts from 'typescript';
import { titlesOf } from './fill-title';

/** A rule's number, wherever it stands in the name of a test. */
const ruleNumber = /\bR\d+[ab]?\b/g;

export interface TestName {
  /** `describe › it`; without the last part where only a run of the test could tell it. */
  name: string;
  rules: string[];
}

/** The names of the tests in a file, one per row of a table. */
export function testNamesOf(source: string): TestName[] {
  const file = ts.createSourceFile('test.ts', source, ts.ScriptTarget.ES2022, true);
  const names: TestName[] = [];
  visit(file, []);
  return names;

  function visit(node: ts.Node, path: readonly Title[]): void {
    const call = ts.isCallExpression(node) ? readCall(node) : null;
    if (!call) {
      ts.forEachChild(node, (child) => visit(child, path));
      return;
    }
    for (const title of call.titles) {
      if (call.kind === 'it') names.push(nameOf([...path, title]));
      else ts.forEachChild(node, (child) => visit(child, [...path, title]));
    }
  }

  function readCall({ expression, arguments: [first] }: ts.CallExpression) {
    const written = first && textOf(first);
    if (written === undefined) return null;
    const table = ts.isCallExpression(expression) ? expression.arguments[0] : undefined;
    const kind = kindOf(table ? (expression as ts.CallExpression).expression : expression);
    if (!kind) return null;
    const shown = table ? titlesOf(written, resolveConstant(table)) : [written];
    return { kind, titles: shown.map((title): Title => ({ written, shown: title })) };
  }

  /** `it.each(rows)`: a table that stands elsewhere in the file is looked up there. */
  function resolveConstant(table: ts.Expression): ts.Node {
    if (ts.isAsExpression(table)) return resolveConstant(table.expression);
    if (!ts.isIdentifier(table)) return table;
    const declared = file.statements
      .filter(ts.isVariableStatement)
      .flatMap(({ declarationList }) => [...declarationList.declarations]);
    const found = declared.find(({ name }) => name.getText() === table.text)?.initializer;
    return found ? resolveConstant(found) : table;
  }
}

/** The rules that a test's name names. */
export function rulesIn(name: string): string[] {
  return [...new Set(name.match(ruleNumber) ?? [])];
}

interface Title {
  written: string;
  shown: string | null;
}

function nameOf(path: readonly Title[]): TestName {
  const shown = path.flatMap((title) => title.shown ?? []);
  return {
    name: shown.join(' › '),
    rules: rulesIn(path.map((title) => title.shown ?? title.written).join(' ')),
  };
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

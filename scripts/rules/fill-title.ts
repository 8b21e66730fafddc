import ts from 'typescript';

/** What a title takes from a row of its table: `%s`, `%j` … by place, `$name` by name. */
const placeholder = /%[sdifjop]|%%|\$\w+/g;

/** A rule's number at the start of a text: such a cell of a table is itself the name of a test. */
const named = /^R\d+[ab]?,? \S/;

/**
 * The titles of a test with a table, one per row, as jest prints them. Null stands for a row with
 * values that only a run of the test could tell.
 */
export function titlesOf(title: string, table: ts.Node): (string | null)[] {
  if (!ts.isArrayLiteralExpression(table)) return [null];
  return table.elements.map((row) => fill(title, row) ?? nameIn(title, row));
}

function fill(title: string, row: ts.Expression): string | null {
  const cells = ts.isArrayLiteralExpression(row) ? [...row.elements] : [row];
  const texts = (title.match(placeholder) ?? []).map((mark) => {
    if (mark === '%%') return '%';
    const cell = mark.startsWith('$') ? property(row, mark.slice(1)) : cells.shift();
    return cell && textOf(cell, mark);
  });
  if (texts.includes(undefined)) return null;
  return title.replace(placeholder, () => texts.shift() ?? '');
}

/** A row that is not a list of plain values, but has the name of its test somewhere in it. */
function nameIn(title: string, row: ts.Node): string | null {
  if (ts.isStringLiteralLike(row)) {
    return named.test(row.text) ? title.replace(placeholder, () => row.text) : null;
  }
  return ts.forEachChild(row, (child) => nameIn(title, child) ?? undefined) ?? null;
}

function property(row: ts.Expression, name: string): ts.Expression | undefined {
  if (!ts.isObjectLiteralExpression(row)) return undefined;
  const found = row.properties.find((entry) => entry.name?.getText() === name);
  return found && ts.isPropertyAssignment(found) ? found.initializer : undefined;
}

function textOf(cell: ts.Expression, mark: string): string | undefined {
  if (ts.isStringLiteralLike(cell)) return mark === '%j' ? JSON.stringify(cell.text) : cell.text;
  return isPlain(cell) ? cell.getText().replace(/\s+/g, ' ').replace(/_/g, '') : undefined;
}

/** Literals, and lists and objects of literals: what is written is what jest would print, or near it. */
function isPlain(cell: ts.Node): boolean {
  if (ts.isNumericLiteral(cell) || ts.isStringLiteralLike(cell)) return true;
  if (ts.isPrefixUnaryExpression(cell)) return isPlain(cell.operand);
  if (ts.isArrayLiteralExpression(cell)) return cell.elements.every(isPlain);
  if (ts.isObjectLiteralExpression(cell)) {
    return cell.properties.every(
      (entry) => ts.isPropertyAssignment(entry) && isPlain(entry.initializer),
    );
  }
  const words = [ts.SyntaxKind.TrueKeyword, ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword];
  return words.includes(cell.kind) || cell.getText() === 'undefined';
}

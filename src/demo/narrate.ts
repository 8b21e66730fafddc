/** Prints the demonstration: with colours and changing lines on a terminal, as plain lines to a file. */
export interface Narrator {
  heading(text: string): void;
  line(text?: string): void;
  /** Replaces the previous status on a terminal; to a file, prints it only if it is new. */
  status(text: string): void;
  /** Keeps the last status, so that the next line doesn't replace it. */
  settle(): void;
  isTerminal: boolean;
}

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

const colours = { bold: 1, red: 31, green: 32, yellow: 33, grey: 90 };
export type Colour = keyof typeof colours;

export function paint(text: string, colour: Colour, isColourful: boolean): string {
  return isColourful ? `\u001b[${String(colours[colour])}m${text}\u001b[0m` : text;
}

/** The colour of a plan's line, by its sign. */
function colourOf(line: string): Colour | null {
  switch (line.trimStart().charAt(0)) {
    case '-':
      return 'red';
    case '+':
      return 'green';
    case '!':
      return 'yellow';
    case '=':
      return 'grey';
    default:
      return null;
  }
}

export function createNarrator(output: Output, isColourful: boolean): Narrator {
  const isTerminal = output.isTTY === true;
  let standing: string | null = null;
  const settle = () => {
    if (standing !== null && isTerminal) output.write('\n');
    standing = null;
  };
  const line = (text = '') => {
    settle();
    const colour = colourOf(text);
    output.write(`${colour ? paint(text, colour, isColourful) : text}\n`);
  };
  return {
    isTerminal,
    settle,
    line,
    heading: (text) => {
      settle();
      output.write(`\n${paint(text, 'bold', isColourful)}\n`);
    },
    status: (text) => {
      if (text === standing) return;
      standing = text;
      if (!isTerminal) output.write(`${text}\n`);
      else output.write(`\r\u001b[2K${text.slice(0, (output.columns ?? 80) - 1)}`);
    },
  };
}

export interface CsvOptions {
  separator?: string;
  quote?: string;
  trim?: boolean;
}

export class CsvParseError extends Error {
  constructor(readonly column: number, readonly line: string) {
    super(`Unterminated quote opened at column ${column}`);
    this.name = 'CsvParseError';
  }
}

const enum State { Plain, Quoted, QuoteInQuoted }

export function parseCsvLine(line: string, { separator = ',', quote = '"', trim = false }: CsvOptions = {}): string[] {
  const fields: string[] = [];
  let state: State = State.Plain;
  let [buffer, openedAt] = ['', -1];
  const flush = (): void => {
    fields.push(trim ? buffer.trim() : buffer);
    buffer = '';
  };

  for (const [index, char] of [...line].entries()) {
    if (state === State.Quoted) {
      if (char === quote) state = State.QuoteInQuoted;
      else buffer += char;
    } else if (state === State.QuoteInQuoted && char === quote) {
      buffer += quote; // "" inside quotes – one literal quote
      state = State.Quoted;
    } else if (char === separator) {
      flush();
      state = State.Plain;
    } else if (char === quote && buffer === '') {
      openedAt = index + 1;
      state = State.Quoted;
    } else {
      buffer += char;
    }
  }
  if (state === State.Quoted) throw new CsvParseError(openedAt, line);
  flush();
  return fields;
}

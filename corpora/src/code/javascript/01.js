'use strict';

/**
 * Split a single CSV line into its fields.
 *
 * @param {string} line       the line, without its line break
 * @param {string} [separator=',']
 * @returns {string[]}
 */
function parseCsvLine(line, separator = ',') {
  const fields = [];
  let value = '';
  let insideQuotes = false;

  for (let i = 0; i < line.length; i++) {
    const char = line[i];
    const next = line[i + 1];

    if (insideQuotes) {
      if (char === '"' && next === '"') {
        value += '"';
        i++; // skip the second half of the escaped quote
      } else if (char === '"') {
        insideQuotes = false;
      } else {
        value += char;
      }
    } else if (char === '"' && value === '') {
      insideQuotes = true;
    } else if (char === separator) {
      fields.push(value);
      value = '';
    } else {
      value += char;
    }
  }

  if (insideQuotes) throw new SyntaxError(`Unclosed quote in: ${line}`);
  return [...fields, value];
}

console.log(parseCsvLine('1,"Müller, Anna","says ""hi""",')); // → 4 fields
module.exports = { parseCsvLine };

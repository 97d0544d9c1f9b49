#!/usr/bin/env node
import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';

const WORD = /\p{L}+(?:['’-]\p{L}+)*/gu;
const STOP_WORDS = new Set(['a', 'an', 'and', 'in', 'is', 'it', 'of', 'the', 'to']);

async function countWords(stream) {
  const counts = new Map();
  for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
    for (const [match] of line.normalize('NFC').matchAll(WORD)) {
      const word = match.toLocaleLowerCase();
      if (STOP_WORDS.has(word)) continue;
      counts.set(word, (counts.get(word) ?? 0) + 1);
    }
  }
  return counts;
}

function topWords(counts, limit) {
  return [...counts]
    .sort(([wordA, a], [wordB, b]) => b - a || wordA.localeCompare(wordB))
    .slice(0, limit);
}

const [fileName, limit = '10'] = process.argv.slice(2);
const input = fileName ? createReadStream(fileName, 'utf8') : process.stdin;

try {
  const counts = await countWords(input);
  const rows = topWords(counts, Number.parseInt(limit, 10));
  const width = Math.max(0, ...rows.map(([word]) => word.length));
  rows.forEach(([word, n]) => console.log(`${word.padEnd(width)}  ${String(n).padStart(6)}  ${'█'.repeat(Math.min(n, 40))}`));
} catch (err) {
  console.error(`Could not read ${fileName}: ${err.message}`);
  process.exitCode = 1;
}

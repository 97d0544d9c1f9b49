import { readFile } from 'node:fs/promises';

type WordCount = readonly [word: string, count: number];

interface CountOptions {
  minLength?: number;
  locale?: Intl.LocalesArgument;
  stopWords?: ReadonlySet<string>;
}

export function countWords(text: string, options: CountOptions = {}): Map<string, number> {
  const { minLength = 1, locale = 'en', stopWords = new Set<string>() } = options;
  // Intl.Segmenter also finds words where no spaces are written, e.g. 東京都に住む
  const segmenter = new Intl.Segmenter(locale as string, { granularity: 'word' });
  const counts = new Map<string, number>();

  for (const { segment, isWordLike } of segmenter.segment(text.normalize('NFC'))) {
    if (!isWordLike) continue;
    const word = segment.toLowerCase();
    if (word.length < minLength || stopWords.has(word)) continue;
    counts.set(word, (counts.get(word) ?? 0) + 1);
  }
  return counts;
}

export function mostCommon(counts: ReadonlyMap<string, number>, limit: number): WordCount[] {
  return [...counts.entries()]
    .sort(([a, x], [b, y]) => y - x || a.localeCompare(b))
    .slice(0, limit);
}

async function main([path, limit = '20']: string[]): Promise<void> {
  if (path === undefined) throw new TypeError('usage: wordcount FILE [LIMIT]');
  const counts = countWords(await readFile(path, { encoding: 'utf-8' }), { minLength: 2 });
  for (const [word, count] of mostCommon(counts, Number(limit))) {
    console.log(`${count.toString().padStart(6)}  ${word}`);
  }
}

main(process.argv.slice(2)).catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : String(error));
  process.exit(1);
});

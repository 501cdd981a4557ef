import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../platform/config/package-root.js';
import { type BookFile, bookSchemas, buildBook, type GeneratorBook } from './generator-book.js';

let known: GeneratorBook | undefined;

/** The shipped book, read once per process at its first use. */
export function readGeneratorBook(): GeneratorBook {
  return (known ??= buildBook({
    names: read('names'),
    srd: read('srd'),
    people: read('people'),
    places: read('places'),
    shops: read('shops'),
    encounters: read('encounters'),
    loot: read('loot'),
    hooks: read('hooks'),
  }));
}

/** Where a file of the book lies. */
export function pathOfBook(file: BookFile): string {
  return join(packageRoot(), 'seeds', 'tabletop', 'generators', `${file}.json`);
}

function read<F extends BookFile>(file: F): ReturnType<(typeof bookSchemas)[F]['parse']> {
  return bookSchemas[file].parse(JSON.parse(readFileSync(pathOfBook(file), 'utf8'))) as ReturnType<
    (typeof bookSchemas)[F]['parse']
  >;
}

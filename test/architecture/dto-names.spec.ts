import { describe, expect, it } from '@jest/globals';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

// The document of the interface has one schema per name: two classes of one name would silently be described as one of them.

const SRC = resolve(__dirname, '../../src');

describe('classes of requests and answers', () => {
  it('have names of their own', () => {
    const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((path) =>
      path.endsWith('.dto.ts'),
    );
    expect(files.length).toBeGreaterThan(50);
    const names = files.flatMap((path) =>
      [...readFileSync(join(SRC, path), 'utf8').matchAll(/^(?:export )?class (\w+)/gm)].map(
        ([, name]) => name,
      ),
    );
    expect(names.filter((name, at) => names.indexOf(name) !== at)).toEqual([]);
  });
});

import fc from 'fast-check';

/** What turns up where something else was expected. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  false,
  '',
  ' ',
  'NaN',
  '12',
  '-3.5',
  '\0',
  '\ud800',
  '<script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  'x'.repeat(70_000),
  0,
  -1,
  1.5,
  1e308,
  -1e308,
  2 ** 53,
  [],
  {},
  [[]],
  [null],
  { value: {} },
  { length: 5 },
  { __proto__: null, toString: 1, constructor: { prototype: 1 } },
  JSON.parse('{"__proto__": {"polluted": true}}'),
];

/** Copies of a value with a few of its parts exchanged, left out or doubled. */
export function mutated(value: unknown, most = 6): fc.Arbitrary<unknown> {
  const places = placesOf(value);
  const change = fc.record({
    at: fc.nat(places.length - 1),
    to: fc.constantFrom<unknown>(...STRANGE),
    way: fc.constantFrom('set', 'set', 'drop', 'double'),
  });
  return fc.array(change, { minLength: 1, maxLength: most }).map((changes) => {
    const copy = structuredClone(value);
    for (const { at, to, way } of changes) {
      const path = places[at]!;
      let inner = copy as Record<string, unknown>;
      for (const key of path.slice(0, -1)) inner = (inner?.[key] ?? {}) as Record<string, unknown>;
      const last = path.at(-1)!;
      if (typeof inner !== 'object' || inner === null) continue;
      if (way === 'drop' && !Array.isArray(inner)) delete inner[last];
      else if (way === 'double' && Array.isArray(inner)) inner.push(structuredClone(inner[Number(last)]));
      else inner[last] = structuredClone(to);
    }
    return copy;
  });
}

function placesOf(value: unknown, path: readonly string[] = []): string[][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => [
    [...path, key],
    ...placesOf(inner, [...path, key]),
  ]);
}

/** Texts with a few of their characters changed, cut or doubled. */
export function mutatedText(text: string): fc.Arbitrary<string> {
  const change = fc.record({
    at: fc.nat(Math.max(0, text.length - 1)),
    length: fc.nat(20),
    put: fc.constantFrom(
      '',
      '{',
      '}',
      '[',
      ']',
      '"',
      '\\',
      ',',
      ':',
      '\0',
      '\ud800',
      '---\n',
      '\n',
      ';',
      '<',
      '&',
      '*a',
      '!!',
    ),
  });
  return fc
    .array(change, { minLength: 1, maxLength: 5 })
    .map((changes) =>
      changes.reduce((now, { at, length, put }) => now.slice(0, at) + put + now.slice(at + length), text),
    );
}

import { readdirSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';

// jest runs in CommonJS mode (native-ESM jest cannot load several CommonJS libraries that require Nest), so packages that
// ship ES modules are transformed too; they are found by reading their package.json rather than listed by hand.
const swc = JSON.parse(readFileSync(new URL('./.swcrc', import.meta.url), 'utf8'));
const modules = new URL('./node_modules/', import.meta.url);

function esmPackages() {
  const found = [];
  for (const entry of readdirSync(modules)) {
    const names = entry.startsWith('@')
      ? readdirSync(new URL(`${entry}/`, modules)).map((n) => `${entry}/${n}`)
      : [entry];
    for (const name of names) {
      if (name.startsWith('.')) continue;
      try {
        if (JSON.parse(readFileSync(new URL(`${name}/package.json`, modules), 'utf8')).type === 'module')
          found.push(name);
      } catch {
        // not a package folder
      }
    }
  }
  return found;
}

const { sourceMaps: _ignored, ...swcOptions } = swc;

export default {
  testEnvironment: 'node',
  roots: ['<rootDir>/src', '<rootDir>/test'],
  testMatch: ['**/*.spec.ts'],
  globalSetup: '<rootDir>/test/support/global-setup.mjs',
  globalTeardown: '<rootDir>/test/support/global-teardown.mjs',
  moduleNameMapper: {
    '^fast-check$': '<rootDir>/test/support/seeded-fast-check.ts',
    '^(\\.{1,2}/.*)\\.js$': ['$1.js', '$1'],
  },
  transform: {
    '^.+\\.ts$': [
      '@swc/jest',
      { ...swcOptions, swcrc: false, module: { type: 'commonjs' }, sourceMaps: 'inline' },
    ],
    '^.+\\.m?js$': [
      '@swc/jest',
      {
        swcrc: false,
        jsc: { target: 'es2023', parser: { syntax: 'ecmascript' } },
        module: { type: 'commonjs' },
      },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmPackages().join('|')})/)`],
  testTimeout: 90_000,
  // Tests wait more than they compute, so two at once even on two cores; above four, their servers would only wait for each other.
  maxWorkers: Math.min(4, Math.max(2, availableParallelism() - 1)),
};

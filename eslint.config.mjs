import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// What the compiler cannot see and a reviewer should not have to: forgotten promises, unhandled cases of a union, and the
// rules of docs/ARCHITECTURE.md that are about syntax. Rules about who imports whom are in .dependency-cruiser.cjs.
//
// `consistent-type-imports` stays off: Nest injects by the class that a constructor parameter names at run time, and
// class-validator reads the class of a nested DTO. Turning such an import into `import type` compiles and breaks both.

const DOMAINS = 'src/{identity,destiny,agent-analytics,running,tabletop,market}';

const NO_ENVIRONMENT = {
  object: 'process',
  property: 'env',
  message: 'Only platform/config reads the environment; take the typed Env by injection.',
};

const STYLE = [
  { selector: 'ExportDefaultDeclaration', message: 'No default exports: a thing has one name everywhere.' },
  {
    selector: 'MemberExpression[object.name=/^(it|test|describe)$/][property.name="only"]',
    message: '`.only` hides every other test.',
  },
  {
    selector:
      'CallExpression[callee.object.name="jest"][callee.property.name=/[mM]ock$|^unstable_mockModule$/]',
    message: 'No mocks of our own code; stand-ins for third parties are servers.',
  },
];

const PRODUCT = [
  ...STYLE,
  { selector: 'ExportAllDeclaration', message: 'No barrels: import from the file that declares the name.' },
  {
    selector: 'ExportNamedDeclaration[source]',
    message: 'No barrels: import from the file that declares the name.',
  },
  { selector: 'Identifier[name="forwardRef"]', message: 'No forwardRef: split the circle instead.' },
  {
    selector: 'MemberExpression[object.name="Scope"][property.name="REQUEST"]',
    message: 'No request-scoped providers: they rebuild their whole chain on every request.',
  },
  {
    selector: 'CallExpression[callee.property.name="getRepository"][callee.object.name=/dataSource/i]',
    message: 'Goes round the user scope; use tx.manager inside a UnitOfWork.',
  },
  {
    selector:
      'CallExpression[callee.property.name="getRepository"][callee.object.property.name=/dataSource/i]',
    message: 'Goes round the user scope; use tx.manager inside a UnitOfWork.',
  },
  {
    selector: 'MethodDefinition[kind="constructor"][value.params.length>7]',
    message: 'More than 7 dependencies: split by use case.',
  },
];

const NO_CALLING_OUT = ['fetch', 'XMLHttpRequest', 'WebSocket', 'EventSource'].map((name) => ({
  name,
  message: 'Only platform/outbound calls other servers.',
}));

const typed = {
  '@typescript-eslint/consistent-type-imports': 'off',
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-extraneous-class': 'off', // Nest modules are empty classes
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': 'error',
  '@typescript-eslint/no-non-null-assertion': 'off', // noUncheckedIndexedAccess and loops over parallel arrays need it
  '@typescript-eslint/no-unused-vars': [
    'error',
    { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'all' },
  ],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/prefer-promise-reject-errors': 'error',
  '@typescript-eslint/require-await': 'off', // an interface that promises is often met without waiting
  '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
  '@typescript-eslint/return-await': ['error', 'error-handling-correctness-only'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-restricted-syntax': ['error', ...STYLE],
};

const product = {
  'max-lines': ['error', { max: 400 }],
  'max-lines-per-function': ['warn', { max: 70, skipComments: true }],
  'no-console': 'error',
  'no-restricted-globals': ['error', ...NO_CALLING_OUT],
  'no-restricted-imports': [
    'error',
    {
      paths: ['process', 'node:process'].map((name) => ({
        name,
        importNames: ['env', 'default'],
        message: NO_ENVIRONMENT.message,
      })),
    },
  ],
  'no-restricted-properties': ['error', NO_ENVIRONMENT],
  'no-restricted-syntax': ['error', ...PRODUCT],
};

const INJECT_TIME = 'A rule takes the time as a parameter, so that a test can choose it.';
const INJECT_CHANCE = 'A rule takes its randomness as a parameter, so that a test can repeat it.';

const pure = {
  'no-restricted-properties': [
    'error',
    NO_ENVIRONMENT,
    { object: 'Date', property: 'now', message: INJECT_TIME },
    { object: 'performance', property: 'now', message: INJECT_TIME },
    { object: 'Math', property: 'random', message: INJECT_CHANCE },
    { object: 'crypto', property: 'randomUUID', message: INJECT_CHANCE },
  ],
  'no-restricted-syntax': [
    'error',
    ...PRODUCT,
    { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: INJECT_TIME },
  ],
};

const NODE_GLOBALS = [
  'AbortController',
  'AbortSignal',
  'Buffer',
  'TextDecoder',
  'TextEncoder',
  'URL',
  'URLSearchParams',
  'clearInterval',
  'clearTimeout',
  'console',
  'fetch',
  'module',
  'performance',
  'process',
  'queueMicrotask',
  'require',
  'setImmediate',
  'setInterval',
  'setTimeout',
  'structuredClone',
];

export default defineConfig(
  { ignores: ['node_modules/', 'dist/', '.build/', '.data/', 'coverage/'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: {
      parserOptions: { project: './tsconfig.check.json', tsconfigRootDir: import.meta.dirname },
    },
    rules: typed,
  },
  { files: ['src/**/*.ts'], ignores: ['src/**/*.spec.ts'], rules: product },
  { files: [`${DOMAINS}/**/!(*.*).ts`], rules: pure },
  {
    files: ['src/platform/config/**/*.ts'],
    rules: { 'no-restricted-properties': 'off', 'no-restricted-imports': 'off' },
  },
  {
    files: ['src/platform/outbound/**/*.ts', 'src/sandbox/**/*.ts'],
    rules: { 'no-restricted-globals': 'off' },
  },
  // One public file per domain may name what others use; the entry points talk to a person.
  { files: ['src/**/*.public.ts'], rules: { 'no-restricted-syntax': ['error', ...STYLE] } },
  {
    files: ['src/main.ts', 'src/cli.ts', 'src/cli/**/*.ts', 'src/**/*.cli.ts', 'src/boot/**/*.ts'],
    rules: { 'no-console': 'off' },
  },
  {
    files: ['test/**/*.ts', 'bench/**/*.ts', 'src/**/*.spec.ts'],
    rules: {
      // Answers of a server under test are JSON of unknown shape; the assertion is the check.
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
    },
  },
  // jest asks for default exports here.
  {
    files: ['test/support/global-*.ts', 'test/support/*-environment.ts', 'test/support/*-reporter.ts'],
    rules: { 'no-restricted-syntax': 'off' },
  },
  {
    files: ['**/*.{js,mjs,cjs}'],
    languageOptions: { globals: Object.fromEntries(NODE_GLOBALS.map((name) => [name, 'readonly'])) },
    rules: { 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }] },
  },
);

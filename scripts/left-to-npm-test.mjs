// Spec files that `npm run test:services` leaves out, since PostgreSQL 15, PgBouncer and a browser change nothing for them, each group
// with the reason; `npm test` runs them all, and so does the build server before. What runs there: every spec with a database
// that sends statements of its own, every route with what each domain answers, who sees what, the fuzz test, migrations, and what
// becomes of connections that are cut. Names end in `/` for a folder, of which `but` names what runs all the same;
// test/architecture/left-to-npm-test.spec.ts sees that each is there.

export const LEFT_TO_NPM_TEST = [
  { reason: 'source text and test tools', names: ['test/architecture/', 'test/support/'] },
  {
    reason: 'shapes of answers; the fuzz test sends the same routes thousands of requests there',
    names: ['test/contract/'],
  },
  {
    reason:
      'walks over HTTP: audited-routes, members, strangers and the fuzz test send every route with what succeeds, so its statements, there',
    names: ['test/e2e/'],
    but: [
      'test/e2e/cross-origin.spec.ts',
      'test/e2e/data-rights.spec.ts',
      'test/e2e/dependencies.spec.ts',
      'test/e2e/migrations.spec.ts',
      'test/e2e/operations.spec.ts',
    ],
  },
  {
    reason: 'the boot alone, before a query is sent',
    names: ['test/security/planted-route.spec.ts'],
  },
  {
    reason: 'compares times of hashing and waiting within one run',
    names: ['test/security/enumeration.spec.ts'],
  },
  {
    reason: 'a PostgreSQL that its launcher starts, whatever is installed',
    names: [
      'src/platform/database/embedded-postgres.db.spec.ts',
      'test/chaos/killed.spec.ts',
      'test/chaos/signals.spec.ts',
      'test/chaos/start-failures.spec.ts',
      // of its servers those that die are embedded ones; database-away.spec and the room's own specs run
      'test/chaos/jobs-faults.spec.ts',
    ],
  },
  {
    reason:
      'our processes die; what they send stands in the specs of platform/jobs and running/races, which run',
    names: ['test/chaos/jobs-killed.spec.ts', 'test/chaos/race-killed.spec.ts'],
  },
  {
    reason: 'long histories, of which the statements stand in other specs of the same room, which run',
    names: [
      'src/agent-analytics/store/langfuse-soak.db.spec.ts',
      'src/platform/sync/sync-histories.db.spec.ts',
      'src/destiny/profiles/profile-crossing.db.spec.ts',
    ],
  },
  {
    reason:
      'what is refused as text, by a header or by a signature, before or whatever is asked of the database',
    names: ['test/security/bad-tokens.spec.ts'],
  },
  {
    reason: 'its statements stand in rate-limits.db.spec',
    names: ['test/security/limits.spec.ts'],
  },
];

/** What `jest` has to leave out, as patterns of paths. Rules have neither a database nor another program. */
export function ignoredPatterns() {
  const text = (name) => name.replaceAll('.', '\\.');
  const pattern = ({ names, but = [] }) =>
    names.map((name) => {
      const kept = but.filter((file) => file.startsWith(name)).map((file) => text(file.slice(name.length)));
      return text(name) + (kept.length > 0 ? `(?!(${kept.join('|')})$)` : '');
    });
  return ['src/.*(?<!\\.db)\\.spec\\.ts$', ...LEFT_TO_NPM_TEST.flatMap(pattern)].map(
    (end) => `<rootDir>/${end}`,
  );
}

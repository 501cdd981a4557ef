import pg from 'pg';
import { migrateDown } from '../../dist/platform/database/migrate.js';

// Takes back so many of a database's migrations, newest first, by what `migrate --down` calls, in one process: to start the
// command costs ten times what it then does. Prints the names that are left after each step, as a JSON array per line. Jest
// itself cannot, for migrations are loaded as ES modules. Arguments: URL of the owner, number of steps.

const [url = '', steps = '0'] = process.argv.slice(2);
const owner = new pg.Client({ connectionString: url });
await owner.connect();
for (let step = 0; step < Number(steps); step += 1) {
  await migrateDown(url);
  const { rows } = await owner.query('SELECT name FROM platform.migration ORDER BY id');
  process.stdout.write(`${JSON.stringify(rows.map((row) => row.name))}\n`);
}
await owner.end();

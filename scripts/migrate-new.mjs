// Writes the skeleton of a migration: npm run migrate:new -- market-add-alerts
import { existsSync, writeFileSync } from 'node:fs';

const name = process.argv[2] ?? '';
if (!/^[a-z0-9]+(-[a-z0-9]+){2,}$/.test(name)) {
  console.error('Give a name of the form <domain>-<verb>-<noun>: npm run migrate:new -- market-add-alerts');
  process.exit(1);
}
const time = Date.now();
const className =
  name.replace(/(^|-)([a-z0-9])/g, (_all, _dash, letter) => letter.toUpperCase()) + String(time);
const path = new URL(`../migrations/${time}-${name}.ts`, import.meta.url);
if (existsSync(path)) process.exit(1);
writeFileSync(
  path,
  `import type { MigrationInterface, QueryRunner } from 'typeorm';

export class ${className} implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(\`\`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(\`\`);
  }
}
`,
);
console.log(`wrote migrations/${time}-${name}.ts`);

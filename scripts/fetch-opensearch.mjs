// Fetches a node of OpenSearch for the contract of search engines, with Maven and a JDK 17, into .build: 53 MB. Nothing else needs it.
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';

const COPY = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';
const WITHIN_MS = 180_000;
const root = join(import.meta.dirname, '..');
const sources = join(root, 'test/support/opensearch');
const [lib, classes] = ['lib', 'classes'].map((name) => join(root, '.build/opensearch', name));

if (existsSync(join(classes, 'OpenSearchNode.class'))) process.exit(0);
const run = (command, args) => execFileSync(command, args, { stdio: 'inherit', timeout: WITHIN_MS });
mkdirSync(lib, { recursive: true });
run('mvn', [
  ...['-q', '-B', '-f', join(sources, 'pom.xml'), COPY],
  ...[`-DoutputDirectory=${lib}`, '-DincludeScope=runtime'],
]);
run('javac', ['-cp', join(lib, '*'), '-d', classes, join(sources, 'OpenSearchNode.java')]);

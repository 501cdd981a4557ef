import { openLangfuseSandbox } from '../../dist/sandbox/langfuse/langfuse-sandbox.js';
import { storyWorld } from '../../dist/sandbox/langfuse/story-world.js';

// The stand-in for Langfuse in a process of its own, with a world of plays. Its options come as JSON in the first argument: `world` as
// storyWorld takes it, `keys`, and whatever else openLangfuseSandbox takes. It prints its address and the size of its tables.

const { world: given, keys, ...options } = JSON.parse(process.argv[2] ?? '{}');
const world = storyWorld(given);
const sandbox = await openLangfuseSandbox({ ...options, projects: [{ ...keys, world }] });
process.on('disconnect', () => process.exit(0)); // whoever started it is gone, or wants it to go
const sizes = ['sessions', 'traces', 'observations', 'scores'].map((kind) => [kind, world[kind].size]);
process.send({ url: sandbox.url, rows: Object.fromEntries(sizes) });

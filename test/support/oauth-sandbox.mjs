import { openOauthSandbox } from '../../dist/sandbox/oauth/oauth-sandbox.js';

// The stand-in for a provider in a process of its own. Its options come as JSON in the first argument; it prints its address.

const sandbox = await openOauthSandbox(JSON.parse(process.argv[2] ?? '{}'));
process.on('disconnect', () => process.exit(0)); // whoever started it is gone, or wants it to go
process.send({ url: sandbox.url });

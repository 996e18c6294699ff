import { InvalidEnvironmentError, loadVariables, readEnv } from './config/env.js';
import { DataDirectory } from './platform/data-directory/data-directory.js';
import { DirectoryInUseError } from './platform/data-directory/directory-lock.js';
import { loadGateway } from './load-gateway.js';
import { describeLiveness } from './health/liveness.js';
import { FrontDoor } from './platform/http/front-door.js';
import { chooseBackend } from './platform/database/supabase-backend.js';
import { configuredProviders } from './providers/configured-providers.js';

try {
  await start();
} catch (error) {
  process.stderr.write(`GatewayZ cannot start.\n${explain(error)}\n`);
  process.exit(1);
}

/** Listens at once, and begins the database's process, which takes longest; the rest is loaded meanwhile. */
async function start(): Promise<void> {
  const variables = loadVariables();
  const env = readEnv(variables);
  // The registry reads them again; here a mistake ends the start before anything has begun.
  configuredProviders(variables, env);
  const dataDirectory = await DataDirectory.open(env.GATEWAYZ_DATA_DIR);
  const backend = chooseBackend(env, dataDirectory);
  const door = new FrontDoor(() => describeLiveness('starting', env.REDIS_URL ? 'down' : 'not_configured'));
  const port = await door.listen(env.PORT, env.HOST);
  backend.begin();
  const { runGateway } = await loadGateway();
  await runGateway({ env, variables, dataDirectory, backend }, door, port);
}

/** What the operator can mend is said in a line; everything else with its stack. */
function explain(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const isAddressInUse = 'code' in error && error.code === 'EADDRINUSE';
  const isMendable = isAddressInUse || error instanceof InvalidEnvironmentError || error instanceof DirectoryInUseError;
  return isMendable ? error.message : (error.stack ?? error.message);
}

import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import { createProxy } from './proxy.js';
import { freePort } from './postgres.js';

export interface Instance {
  name: string;
  url: string;
  process: ChildProcess;
}

export interface Cluster {
  /** The proxy's, which is everybody's. */
  url: string;
  instances: [Instance, Instance];
  /** What the instances have in common. */
  environment: Record<string, string>;
  stop(): Promise<void>;
}

const secret = (): string => randomBytes(32).toString('base64url');

/** Migrates, starts the instances and then the proxy before them. */
export async function startCluster(databaseUrl: string, port: number): Promise<Cluster> {
  const url = `http://localhost:${port}`;
  const environment = {
    DATABASE_URL: databaseUrl,
    MCP_SERVER_URL: url,
    MCP_HMAC_SECRET: process.env.MCP_HMAC_SECRET || secret(),
    SESSION_SECRET: process.env.SESSION_SECRET || secret(),
  };
  const [code] = (await once(node('migrate.js', environment), 'exit')) as [number | null];
  if (code !== 0) throw new Error('The migrations did not run');

  const instances = await Promise.all([startInstance('one', environment), startInstance('two', environment)]);
  const proxy = createProxy(instances.map((instance) => instance.url));
  proxy.listen(port);
  await once(proxy, 'listening');
  return {
    url,
    instances,
    environment,
    async stop() {
      proxy.close();
      proxy.closeAllConnections();
      await Promise.all(instances.map(stopInstance));
    },
  };
}

function node(program: string, environment: Record<string, string>): ChildProcess {
  const child = spawn(process.execPath, [`dist/${program}`], {
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  process.once('exit', () => child.kill());
  return child;
}

async function startInstance(name: string, environment: Record<string, string>): Promise<Instance> {
  const port = await freePort();
  const child = node('main.js', { ...environment, PORT: String(port), INSTANCE_NAME: name });
  const instance = { name, url: `http://127.0.0.1:${port}`, process: child };
  while (!(await isListening(instance.url))) {
    if (child.exitCode !== null) throw new Error(`Instance ${name} ended with ${child.exitCode}`);
    await delay(50);
  }
  return instance;
}

function isListening(url: string): Promise<boolean> {
  return fetch(url).then(
    () => true,
    () => false,
  );
}

async function stopInstance({ process: child }: Instance): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill();
  await once(child, 'exit');
}

import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, describe, expect, it } from 'vitest';
import { freePort } from '../src/cluster/postgres.js';
import { createProxy } from '../src/cluster/proxy.js';
import { Agent } from './support/agent.js';

describe('The proxy', () => {
  const servers: Server[] = [];
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.close();
      server.closeAllConnections();
    }
  });

  async function listen(server: Server): Promise<string> {
    servers.push(server.listen(0, '127.0.0.1'));
    await once(server, 'listening');
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }

  /** An instance that answers with its name and what it was sent. */
  const instance = (name: string): Promise<string> =>
    listen(
      createServer(async (request, response) => {
        const { method, url, headers } = request;
        const body = await text(request);
        response.setHeader('X-Served-By', name);
        response.end(JSON.stringify({ method, url, headers, body }));
      }),
    );

  it('asks the instances in turn', async () => {
    const proxy = new Agent(await listen(createProxy([await instance('one'), await instance('two')])));
    const turns = [await proxy.get('/'), await proxy.get('/'), await proxy.get('/')];
    expect(turns.map(({ servedBy }) => servedBy)).toEqual(['one', 'two', 'one']);
  });

  it('hands on what it was sent, and says itself where from', async () => {
    const proxy = new Agent(await listen(createProxy([await instance('one')])));
    const spoofed = { 'x-forwarded-for': '192.0.2.1', 'x-forwarded-proto': 'https' };
    const { json } = await proxy.postJson('/path?query=1', { hello: 'you' }, spoofed);
    expect(json).toMatchObject({ method: 'POST', url: '/path?query=1', body: '{"hello":"you"}' });
    expect(json.headers as IncomingHttpHeaders).toMatchObject({
      'x-forwarded-for': expect.stringContaining('127.0.0.1') as string,
      'x-forwarded-proto': 'http',
    });
  });

  it('goes past an instance that is down', async () => {
    const down = `http://127.0.0.1:${await freePort()}`;
    const proxy = new Agent(await listen(createProxy([down, await instance('two')])));
    expect(await proxy.get('/')).toMatchObject({ status: 200, servedBy: 'two' });
    expect(await proxy.get('/')).toMatchObject({ status: 200, servedBy: 'two' });
  });

  it('sends a request that reached an instance to no other one', async () => {
    const dying = await listen(createServer((request) => request.socket.destroy()));
    const proxy = new Agent(await listen(createProxy([dying, await instance('two')])));
    expect((await proxy.get('/')).status).toBe(502);
  });

  it('answers 502 when all are down', async () => {
    const proxy = new Agent(await listen(createProxy([`http://127.0.0.1:${await freePort()}`])));
    expect((await proxy.get('/')).status).toBe(502);
  });
});

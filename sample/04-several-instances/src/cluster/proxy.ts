import {
  createServer,
  request as send,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';

/**
 * Hands requests to the instances in turn, and to the next one when an instance does not take the connection. A small
 * stand-in for nginx and its like. It is the outermost proxy, so what a client says in X-Forwarded-* is thrown away.
 */
export function createProxy(instances: readonly string[]): Server {
  let turn = 0;
  return createServer((request, response) => {
    const from = turn++;
    forward(
      request,
      response,
      instances.map((_, index) => instances[(from + index) % instances.length] as string),
    );
  });
}

function forward(request: IncomingMessage, response: ServerResponse, [instance, ...others]: string[]): void {
  if (instance === undefined) {
    response.writeHead(502).end('No instance answers');
    return;
  }
  const headers = {
    ...request.headers,
    'x-forwarded-for': request.socket.remoteAddress,
    'x-forwarded-proto': 'http',
    connection: 'close',
  };
  const onward = send(new URL(request.url ?? '/', instance), {
    method: request.method,
    headers,
    agent: false,
  });
  let isConnected = false;
  onward.once('socket', (socket) =>
    socket.once('connect', () => {
      // Not before: a request that went to an instance must not be sent to another one.
      isConnected = true;
      request.pipe(onward);
    }),
  );
  onward.once('response', (answer) => {
    response.writeHead(answer.statusCode ?? 502, answer.headers);
    answer.pipe(response);
  });
  onward.once('error', () => {
    if (!isConnected) forward(request, response, others);
    else if (response.headersSent) response.destroy();
    else response.writeHead(502).end('The instance went away');
  });
  response.once('close', () => onward.destroy());
}

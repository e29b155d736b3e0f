import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Body,
  Catch,
  Controller,
  Get,
  HttpException,
  Injectable,
  Module,
  Post,
  SetMetadata,
  ValidationPipe,
  type ArgumentsHost,
  type CallHandler,
  type CanActivate,
  type ExceptionFilter,
  type ExecutionContext,
  type NestInterceptor,
} from '@nestjs/common';
import { APP_FILTER, APP_GUARD, APP_INTERCEPTOR, APP_PIPE, HttpAdapterHost, Reflector } from '@nestjs/core';
import { IsString } from 'class-validator';
import { map, type Observable } from 'rxjs';
import { ADAPTERS, startApp, type TestApp } from '../support/app.js';
import { Flow, TestBrowser } from '../support/flow.js';

const Public = (): MethodDecorator & ClassDecorator => SetMetadata('application:public', true);

/** Refuses whoever has no key of the application: its clients, not MCP's. */
@Injectable()
class ApplicationGuard implements CanActivate {
  constructor(private readonly reflector: Reflector) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.reflector.getAllAndOverride('application:public', [context.getHandler(), context.getClass()]))
      return true;
    const { headers } = context.switchToHttp().getRequest<{ headers: Record<string, string> }>();
    return headers['x-application-key'] === 'key' || headers.authorization !== undefined;
  }
}

@Injectable()
class WrapAnswers implements NestInterceptor {
  intercept(_: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(map((data: unknown) => ({ data, size: JSON.stringify(data).length })));
  }
}

@Catch()
class CatchAll implements ExceptionFilter {
  constructor(private readonly host: HttpAdapterHost) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = error instanceof HttpException ? error.getStatus() : 500;
    this.host.httpAdapter.reply(host.switchToHttp().getResponse(), { caught: status }, status);
  }
}

class NoteDto {
  @IsString() text!: string;
}

@Controller('notes')
class NotesController {
  @Get()
  list(): string[] {
    return ['one'];
  }

  @Post()
  add(@Body() note: NoteDto): string {
    return note.text;
  }
}

@Module({
  controllers: [NotesController],
  providers: [
    { provide: APP_GUARD, useClass: ApplicationGuard },
    { provide: APP_INTERCEPTOR, useClass: WrapAnswers },
    { provide: APP_FILTER, useClass: CatchAll },
    {
      provide: APP_PIPE,
      useValue: new ValidationPipe({ whitelist: true, forbidNonWhitelisted: true, transform: true }),
    },
  ],
})
class HostileModule {}

describe.each(ADAPTERS)(
  'a host with its own guard, interceptor, filter, pipe, CORS and body limit on %s',
  (adapter) => {
    let server: TestApp;
    let flow: Flow;

    beforeAll(async () => {
      server = await startApp({
        adapter,
        imports: [HostileModule],
        extras: { controllerDecorators: [Public()] },
        prepare: (app) => {
          app.enableCors({ origin: 'https://app.example', credentials: true });
          if (adapter === 'express') {
            (app as unknown as { useBodyParser(type: string, options: object): void }).useBodyParser('json', {
              limit: '1kb',
            });
          }
        },
      });
      flow = new Flow(server.url);
    });
    afterAll(() => server.close());

    it('does not get in the way of the flow', async () => {
      const { client, accessToken, refreshToken } = await flow.tokens();
      expect((await flow.refresh(client, refreshToken)).status).toBe(200);
      expect(await (await flow.call(accessToken)).json()).toMatchObject({ data: { userId: 'alice' } });
      const introspected = await flow.token(
        { token: accessToken, client_id: client.client_id },
        {},
        '/oauth/introspect',
      );
      expect(introspected.body).toMatchObject({ active: true, sub: 'alice' });
    });

    it('leaves every protocol answer in its shape', async () => {
      const metadata = await (await flow.call(undefined, '/.well-known/oauth-authorization-server')).json();
      expect(metadata).toMatchObject({ issuer: server.url });
      const unknown = await flow.call(undefined, '/.well-known/oauth-protected-resource/nothing');
      expect([unknown.status, await unknown.json()]).toMatchObject([404, { error: 'not_found' }]);
      const token = await flow.token({ grant_type: 'password' });
      expect([token.status, token.body.error]).toEqual([400, 'unsupported_grant_type']);
      const client = await flow.token({
        grant_type: 'refresh_token',
        refresh_token: 'x',
        client_id: 'nobody',
      });
      expect([client.status, client.body.error]).toEqual([401, 'invalid_client']);
      expect(client.headers.get('www-authenticate')).toMatch(/^Basic /);
      const page = await new TestBrowser('alice').request(`${server.url}/oauth/authorize?client_id=nobody`);
      expect([page.status, page.headers.get('content-type')]).toEqual([400, 'text/html; charset=utf-8']);
      const unauthorized = await flow.call(undefined);
      expect(unauthorized.status).toBe(401);
      expect(unauthorized.headers.get('www-authenticate')).toMatch(/^Bearer .*resource_metadata=/);
      const { accessToken } = await flow.tokens('alice', { scope: 'mcp:read' });
      const forbidden = await flow.call(accessToken, '/mcp/api/notes', { method: 'POST' });
      expect([forbidden.status, await forbidden.json()]).toEqual([403, { caught: 403 }]);
      expect(forbidden.headers.get('www-authenticate')).toMatch(/error="insufficient_scope"/);
    });

    it('reads bodies by the module’s own limit, whatever the application’s is', async () => {
      const registered = await flow.register({ client_name: 'x'.repeat(5000) });
      expect(registered.client_id).toEqual(expect.any(String));
      const broken = await fetch(`${server.url}/oauth/register`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"client_name":',
      });
      expect([broken.status, await broken.json()]).toMatchObject([400, { error: 'invalid_client_metadata' }]);
    });

    it('lets clients of any origin read machine endpoints, and the application keep its own policy', async () => {
      const origin = 'https://inspector.example';
      const metadata = await flow.call(undefined, '/.well-known/oauth-authorization-server', {
        headers: { origin },
      });
      expect(metadata.headers.get('access-control-allow-origin')).toBe('*');
      const preflight = await fetch(`${server.url}/oauth/token`, {
        method: 'OPTIONS',
        headers: { origin, 'access-control-request-method': 'POST' },
      });
      expect(preflight.headers.get('access-control-allow-origin')).toBe('*');
      const notes = await flow.call(undefined, '/notes', { headers: { origin, 'x-application-key': 'key' } });
      expect(notes.headers.get('access-control-allow-origin')).toBe('https://app.example');
      const page = await flow.call(undefined, '/oauth/authorize', { headers: { origin } });
      expect(page.headers.get('access-control-allow-origin')).not.toBe('*');
    });

    it('behaves as before on its own routes', async () => {
      const key = { 'x-application-key': 'key', 'content-type': 'application/json' };
      const notes = (body: unknown, headers: Record<string, string> = key) =>
        flow.call(undefined, '/notes', { method: 'POST', headers, body: JSON.stringify(body) });
      expect(await (await flow.call(undefined, '/notes', { headers: key })).json()).toEqual({
        data: ['one'],
        size: 7,
      });
      expect(await (await notes({ text: 'two' })).json()).toEqual({ data: 'two', size: 5 });
      expect((await notes({ text: 'two', more: 1 })).status).toBe(400);
      expect((await notes({ text: 'two' }, { 'content-type': 'application/json' })).status).toBe(403);
      if (adapter === 'express') expect((await notes({ text: 'x'.repeat(2000) })).status).toBe(413);
      expect((await flow.call(undefined, '/nowhere')).status).toBe(404);
    });
  },
);

import type { IncomingMessage } from 'node:http';
import { Body, Controller, ForbiddenException, Get, Header, Post, Query, Req, Res } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { serverUrl } from '../server-url.js';
import { homePage, loginPage } from './pages.js';
import { NO_SESSION_COOKIE, readSession, safeReturnPath, sessionCookie } from './session.js';
import { checkPassword, findUser } from './users.js';

@Controller()
export class LoginController {
  constructor(private readonly host: HttpAdapterHost) {}

  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  home(@Req() request: IncomingMessage): string {
    const session = readSession(request.headers);
    return homePage(session ? findUser(session.userId)?.name : undefined, `${serverUrl()}/mcp/api`);
  }

  @Get('login')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('X-Frame-Options', 'DENY')
  form(@Query('returnTo') returnTo?: unknown): string {
    return loginPage(safeReturnPath(returnTo), false);
  }

  @Post('login')
  login(
    @Body() body: Record<string, unknown>,
    @Req() request: IncomingMessage,
    @Res() response: unknown,
  ): void {
    const { origin } = request.headers;
    // Nobody else's page may sign a browser in.
    if (origin !== undefined && origin !== new URL(serverUrl()).origin) throw new ForbiddenException();
    const returnTo = safeReturnPath(body.returnTo);
    const user = checkPassword(String(body.username), String(body.password));
    const { httpAdapter } = this.host;
    if (!user) {
      httpAdapter.setHeader(response, 'Content-Type', 'text/html; charset=utf-8');
      httpAdapter.reply(response, loginPage(returnTo, true), 401);
      return;
    }
    this.redirect(response, returnTo, sessionCookie(user.id, serverUrl().startsWith('https:')));
  }

  @Get('logout')
  logout(@Res() response: unknown): void {
    this.redirect(response, '/', NO_SESSION_COOKIE);
  }

  private redirect(response: unknown, location: string, cookie: string): void {
    this.host.httpAdapter.setHeader(response, 'Set-Cookie', cookie);
    this.host.httpAdapter.redirect(response, 303, location);
  }
}

import { Body, Controller, ForbiddenException, Get, Header, Post, Query, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { serverUrl } from '../server-url.js';
import { loginPage } from './login.page.js';
import { checkPassword } from './users.js';

/** A path of this application and nothing else, so that the login page is no open redirect. */
function localPath(value: unknown): string {
  return typeof value === 'string' && /^\/(?![/\\])[\x21-\x5b\x5d-\x7e]*$/.test(value) ? value : '/';
}

@Controller('login')
export class LoginController {
  @Get()
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('X-Frame-Options', 'DENY')
  form(@Query('returnTo') returnTo?: unknown): string {
    return loginPage(localPath(returnTo));
  }

  @Post()
  login(@Body() body: Record<string, unknown>, @Req() request: Request, @Res() response: Response): void {
    const { origin } = request.headers;
    // Nobody else's page may sign a browser in.
    if (origin !== undefined && origin !== new URL(serverUrl()).origin) throw new ForbiddenException();
    const user = checkPassword(String(body.username), String(body.password));
    if (!user) {
      response.status(401).send(loginPage(localPath(body.returnTo), { failed: true }));
      return;
    }
    request.session = { userId: user.id, signedInAt: Math.floor(Date.now() / 1000) };
    response.redirect(303, localPath(body.returnTo));
  }
}

import { Catch, UnauthorizedException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { localPath } from './local-path';
import { loginPage } from './login.page';

/** Shows the login page again. */
@Catch(UnauthorizedException)
export class LoginFailedFilter implements ExceptionFilter {
  catch(_exception: UnauthorizedException, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const { returnTo } = (http.getRequest<Request>().body ?? {}) as { returnTo?: unknown };
    http
      .getResponse<Response>()
      .status(401)
      .send(loginPage(localPath(returnTo), { failed: true }));
  }
}

import { Body, Controller, Get, Header, Post, Query, Req, Res, UseFilters, UseGuards } from '@nestjs/common';
import type { Request, Response } from 'express';
import type { User } from '../users/user.entity';
import { CurrentUser } from './current-user.decorator';
import { LocalAuthGuard } from './local-auth.guard';
import { localPath } from './local-path';
import { LoginFailedFilter } from './login-failed.filter';
import { loginPage } from './login.page';
import { SameOriginGuard } from './same-origin.guard';
import { SignedInGuard } from './signed-in.guard';

@Controller('auth')
export class AuthController {
  @Get('login')
  @Header('Content-Type', 'text/html; charset=utf-8')
  @Header('X-Frame-Options', 'DENY')
  form(@Query('returnTo') returnTo?: unknown): string {
    return loginPage(localPath(returnTo));
  }

  @Post('login')
  @UseGuards(SameOriginGuard, LocalAuthGuard)
  @UseFilters(LoginFailedFilter)
  login(@Body('returnTo') returnTo: unknown, @Res() response: Response): void {
    response.redirect(303, localPath(returnTo));
  }

  @Post('logout')
  async logout(@Req() request: Request, @Res() response: Response): Promise<void> {
    await new Promise<void>((resolve, reject) =>
      request.logout((error: unknown) => (error ? reject(error as Error) : resolve())),
    );
    response.redirect(303, '/api/auth/login');
  }

  @Get('me')
  @UseGuards(SignedInGuard)
  me(@CurrentUser() { id, email, name }: User): Pick<User, 'id' | 'email' | 'name'> {
    return { id, email, name };
  }
}

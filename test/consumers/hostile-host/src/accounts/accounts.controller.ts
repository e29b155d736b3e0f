import {
  Body,
  Controller,
  Get,
  HttpCode,
  Post,
  Req,
  UnauthorizedException,
  VERSION_NEUTRAL,
} from '@nestjs/common';
import { JwtService } from '@nestjs/jwt';
import type { HostRequest } from './host-request.js';
import { LoginDto } from './login.dto.js';
import { Public } from './public.decorator.js';
import { checkPassword } from './users.js';

/** Signs people in: a session for browsers, a token of the application's own for its API. */
@Public()
@Controller('accounts')
export class AccountsController {
  constructor(private readonly tokens: JwtService) {}

  @Get('csrf')
  csrf(@Req() request: HostRequest): object {
    request.session.visited = true;
    return { token: request.csrfToken() };
  }

  @Post('login')
  @HttpCode(200)
  async login(@Req() request: HostRequest, @Body() { user: id, password }: LoginDto): Promise<object> {
    const user = checkPassword(id, password);
    if (!user) throw new UnauthorizedException('Wrong name or password');
    await new Promise<void>((done, fail) =>
      request.session.regenerate((error) => (error ? fail(error) : done())),
    );
    request.session.user = user;
    return { token: await this.tokens.signAsync({ sub: user.id }, { noTimestamp: true }) };
  }
}

/** What a browser opens to sign in: outside of the global prefix and without a version. */
@Public()
@Controller({ path: 'login', version: VERSION_NEUTRAL })
export class LoginPageController {
  @Get()
  page(): object {
    return { page: 'login' };
  }
}

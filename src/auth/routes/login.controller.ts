import { Controller, Get, HttpCode, Post } from '@nestjs/common';
import { JsonBody } from '../../platform/http/json-body.decorator.js';
import { STRICT_VALIDATION } from '../../platform/http/validation.js';
import { ForAccounts, Public } from '../access.js';
import { viewAccount, viewLogin } from '../account-view.js';
import type { User } from '../caller.js';
import { ClientAddress, CurrentSession, CurrentUser } from '../current-caller.js';
import { LoginService } from '../services/login.service.js';
import type { Session } from '../services/session.service.js';
import { CredentialsBody, RefreshBody } from './login.body.js';

@Controller('auth')
export class LoginController {
  constructor(private readonly logins: LoginService) {}

  /** Answers alike for known and unknown e-mails. */
  @Public()
  @Post('register')
  @HttpCode(202)
  async register(
    @JsonBody(STRICT_VALIDATION) body: CredentialsBody,
    @ClientAddress() address: string,
  ): Promise<object> {
    const { email, password } = body;
    await this.logins.register({ email, password }, address);
    return { object: 'registration', email, message: 'If this e-mail had no account, it has one now. Log in.' };
  }

  @Public()
  @Post('login')
  @HttpCode(200)
  async login(@JsonBody(STRICT_VALIDATION) body: CredentialsBody, @ClientAddress() address: string): Promise<object> {
    const { email, password } = body;
    return viewLogin(await this.logins.login({ email, password }, address));
  }

  @Public()
  @Post('refresh')
  @HttpCode(200)
  async refresh(@JsonBody(STRICT_VALIDATION) body: RefreshBody, @ClientAddress() address: string): Promise<object> {
    return viewLogin(await this.logins.refresh(body.refresh_token, address));
  }

  @ForAccounts()
  @Post('logout')
  @HttpCode(204)
  async logout(@CurrentSession() session: Session): Promise<void> {
    await this.logins.logout(session);
  }

  @ForAccounts()
  @Get('me')
  async me(@CurrentUser() user: User): Promise<object> {
    return viewAccount(await this.logins.account(user.userId));
  }
}

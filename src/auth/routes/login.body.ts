import { IsEmail, IsString, Length, MaxLength } from 'class-validator';

/** Longer passwords are cut off by what hashes them. */
const PASSWORD_BYTES = 72;

export class CredentialsBody {
  @IsEmail() @MaxLength(254) email!: string;
  @IsString() @Length(8, PASSWORD_BYTES) password!: string;
}

export class RefreshBody {
  @IsString() @Length(1, 2000) refresh_token!: string;
}

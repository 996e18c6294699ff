import { IsString, Length, Matches } from 'class-validator';

export class ProviderKeyBody {
  /** As the provider gave it. It becomes a header, so no line may end in it. */
  @IsString()
  @Length(8, 4096)
  @Matches(/^[\x21-\x7e]+$/, { message: 'key must be a key without spaces' })
  readonly key!: string;
}

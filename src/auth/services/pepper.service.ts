import { Inject, Injectable } from '@nestjs/common';
import { ENV, type Env } from '../../config/env.js';
import { DataDirectory } from '../../platform/data-directory/data-directory.js';

/** The secret that API keys are hashed with: given, or made once for the embedded database. */
@Injectable()
export class PepperService {
  readonly value: string;

  constructor(@Inject(ENV) env: Env, directory: DataDirectory) {
    this.value = env.API_KEY_PEPPER ?? directory.secret('api-key-pepper');
  }
}

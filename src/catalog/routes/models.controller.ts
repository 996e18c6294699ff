import { Controller, Get, Header, Query, Req, Res, UsePipes } from '@nestjs/common';
import type { Request, Response } from 'express';
import { createHash } from 'node:crypto';
import { Public } from '../../auth/access.js';
import { VALIDATION } from '../../platform/http/validation.js';
import { pageOfModels, type ModelPage } from '../model-filters.js';
import { viewModel, viewOffer } from '../model-view.js';
import { CatalogService } from '../services/catalog.service.js';
import { ListModelsQuery } from './list-models.query.js';
import { NameInPath } from '../../platform/http/name-in-path.js';

@Public()
@UsePipes(VALIDATION)
@Controller()
export class ModelsController {
  constructor(private readonly catalog: CatalogService) {}

  /** OpenAI's list; clients ask for it at each start, so it carries an ETag. */
  @Get('v1/models')
  list(@Query() query: ListModelsQuery, @Req() request: Request, @Res() response: Response): void {
    const { data } = pageOfModels(this.catalog.all(), query);
    sendTagged(request, response, { object: 'list', data });
  }

  @Get('v1/models/*id')
  @Header('cache-control', 'no-cache')
  one(@NameInPath() name: string): object {
    const model = this.catalog.resolve(name);
    return { ...viewModel(model), offers: model.offers.map(viewOffer) };
  }

  @Get('models')
  catalogue(@Query() query: ListModelsQuery): ModelPage {
    return pageOfModels(this.catalog.all(), query);
  }
}

function sendTagged(request: Request, response: Response, body: object): void {
  const text = JSON.stringify(body);
  const tag = `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
  response.setHeader('etag', tag);
  response.setHeader('cache-control', 'no-cache');
  if (request.headers['if-none-match'] === tag) response.status(304).end();
  else response.type('application/json').send(text);
}

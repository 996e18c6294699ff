import { Logger } from '@nestjs/common';
import { MetricsRegistry } from '../../platform/metrics/metrics-registry.js';
import { digestOf, type Edition } from '../editions/edition.js';
import { ListIntakeService } from './list-intake.service.js';

const models = (...ids: string[]): Edition => new Map(ids.map((id) => [id, []] as const));

describe('the intake of lists', () => {
  let registry: MetricsRegistry;
  let intake: ListIntakeService;
  let believed: string[];

  beforeEach(() => {
    Logger.overrideLogger(false);
    registry = new MetricsRegistry({ METRICS_MAX_SERIES: 10 });
    intake = new ListIntakeService(registry);
    believed = [];
  });

  const take = (name: string, edition: Edition): void => {
    intake.take({ source: 'a-list', edition, apply: () => believed.push(name) });
  };
  const heldBack = async (): Promise<string | undefined> =>
    /^gatewayz_catalogue_held_back\{source="a-list"\} (.*)$/m.exec(await registry.render(['models']))?.[1];

  it('believes the first edition, and later ones that are much like the last', () => {
    take('first', models('a', 'b', 'c'));
    take('grown', models('a', 'b', 'c', 'd', 'e'));
    take('a little less', models('a', 'b', 'c', 'd'));
    expect(believed).toEqual(['first', 'grown', 'a little less']);
    expect(intake.states()).toMatchObject([{ source: 'a-list', models: 4, held: undefined }]);
  });

  it('holds a shrunken one back, tells of it, and believes it once it is accepted', async () => {
    take('first', models('a', 'b', 'c'));
    expect(await heldBack()).toBe('0');
    take('shrunken', models('a'));
    expect(believed).toEqual(['first']);
    expect(await heldBack()).toBe('1');
    expect(intake.heldOf('a-list')?.doubts).toEqual(['Models: 1 instead of 3.']);
    intake.allow(new Set([digestOf(models('a'))]));
    expect(believed).toEqual(['first', 'shrunken']);
    expect(await heldBack()).toBe('0');
  });

  it('forgets what it held when the list is well again', () => {
    take('first', models('a', 'b', 'c'));
    take('shrunken', models('a'));
    take('well', models('a', 'b', 'c'));
    expect(intake.heldOf('a-list')).toBeUndefined();
    intake.allow(new Set([digestOf(models('a'))]));
    expect(believed).toEqual(['first', 'well']);
  });

  it('believes at once what was accepted elsewhere, and nothing else', () => {
    take('first', models('a', 'b', 'c'));
    intake.allow(new Set([digestOf(models('a'))]));
    take('another one', models('b'));
    take('the accepted one', models('a'));
    expect(believed).toEqual(['first', 'the accepted one']);
  });

  it('keeps the last edition of a list that the catalogue cannot take', () => {
    take('first', models('a'));
    const cannot = (): never => {
      throw new Error('no');
    };
    expect(() => {
      intake.take({ source: 'a-list', edition: models('a', 'b'), apply: cannot });
    }).toThrow('no');
    expect(intake.states()).toMatchObject([{ models: 1 }]);
  });
});

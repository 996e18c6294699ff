import { Logger } from '@nestjs/common';
import { Topic } from './topic.js';

describe('a topic', () => {
  beforeEach(() => {
    Logger.overrideLogger(false);
  });

  it('tells everybody who listens, in their order and before it returns', () => {
    const topic = new Topic<string>('news');
    const heard: string[] = [];
    topic.listen((event) => heard.push(`first ${event}`));
    topic.listen((event) => heard.push(`second ${event}`));
    topic.tell('news');
    expect(heard).toEqual(['first news', 'second news']);
  });

  it('neither fails nor keeps the others waiting when a listener fails', () => {
    const topic = new Topic<string>('news');
    const heard: string[] = [];
    topic.listen(() => {
      throw new Error('deaf');
    });
    topic.listen((event) => heard.push(event));
    topic.tell('news');
    expect(heard).toEqual(['news']);
  });
});

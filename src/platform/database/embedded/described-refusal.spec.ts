import { describeRefusal } from './described-refusal.js';

const errorWith = (members: object): Error => Object.assign(new Error('no'), members);

describe('what Lite is told of an error of PostgreSQL', () => {
  it.each(['23514', 'P0001', 'GW001', '40001', '57014', 'XX000'])('keeps %s, which Lite would lose', (code) => {
    const described = describeRefusal(errorWith({ code, detail: 'the row', hint: 'try less' }));
    expect(described).toEqual({
      code: 'PGRST',
      message: expect.any(String) as string,
      detail: expect.any(String) as string,
    });
    const { message, detail } = described as { message: string; detail: string };
    expect(JSON.parse(message)).toEqual({ code, message: 'no', details: 'the row', hint: 'try less' });
    expect(JSON.parse(detail)).toEqual({ status: 400, headers: {} });
  });

  it.each(['23505', '23503', '23502', '42501', '42P01', '22P02', '25006', '53100', 'PGRST', 'PT404'])(
    'leaves %s, which Lite reports itself',
    (code) => {
      const error = errorWith({ code });
      expect(describeRefusal(error)).toBe(error);
    },
  );

  it.each(['CONNECTION_CLOSED', 'ECONNREFUSED', 'ECONNRESET', undefined])(
    'leaves %s, which says that nobody answered',
    (code) => {
      const error = errorWith({ code });
      expect(describeRefusal(error)).toBe(error);
    },
  );
});

import { toCsv } from './csv.js';

describe('a table as CSV', () => {
  it('has a line a row, each with its end, and quotes only where a reader would be lost without', () => {
    expect(
      toCsv([
        ['model', 'requests'],
        ['plain', 12],
        ['a "b", c', 0],
        ['two\r\nlines', -1],
      ]),
    ).toBe('model,requests\r\nplain,12\r\n"a ""b"", c",0\r\n"two\r\nlines",-1\r\n');
  });

  it.each(['=cmd()', '+1', '-1', '@SUM(A1)', '\tx'])('keeps a spreadsheet from calculating %j', (text) => {
    expect(toCsv([[text]])).toBe(`'${text}\r\n`);
  });

  it('quotes what keeps a spreadsheet from calculating, too', () => {
    expect(toCsv([['=A1,"x"'], ['\r=A1']])).toBe(`"'=A1,""x"""\r\n"'\r=A1"\r\n`);
  });

  it('leaves money alone', () => {
    expect(toCsv([['0.000000001', '1234567890.123456789']])).toBe('0.000000001,1234567890.123456789\r\n');
  });
});

import { nextPageQuery } from '../../../src/webex/http/link-header';

describe('nextPageQuery', () => {
  it.each([
    ['<https://webexapis.com/v1/people?max=2&after=abc>; rel="next"', 'max=2&after=abc'],
    ['<https://webexapis.com/v1/people?after=abc>; rel=next', 'after=abc'],
    ['<https://a/p?before=1>; rel="prev", <https://a/p?after=2>; rel="next"', 'after=2'],
    ['<https://a/p?after=2>;rel="next";title="more"', 'after=2'],
    ['<https://a/p?after=2>; REL="NEXT"', 'after=2'],
    ['<https://a/p?id=1,2>; rel="next"', 'id=1%2C2'],
    ['</v1/people?after=2>; rel="next"', 'after=2'],
  ])('reads the query of %s', (header, query) => {
    expect(nextPageQuery(header)?.toString()).toBe(query);
  });

  it.each([
    [null],
    [''],
    ['<https://a/p?before=1>; rel="prev"'],
    ['<https://a/p?x=1>; rel="nextish"'],
    ['<https://a/p>; rel="next"'],
    ['rel="next"'],
  ])('finds no next page in %s', (header) => {
    expect(nextPageQuery(header)).toBeNull();
  });
});

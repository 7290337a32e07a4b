import { expect, test } from 'vitest';
import { linkOf } from './links';

test.each(['https://example.org/a?b=c#d', 'HTTP://example.org/', 'mailto:a@example.org'])(
  '%s is a link',
  (text) => {
    expect(linkOf(text)).toBeDefined();
  },
);

test.each([
  'javascript:alert(1)',
  'java\nscript:alert(1)',
  'data:text/html,x',
  'vbscript:x',
  ' https://example.org/',
  'see https://example.org/',
  'https://exa mple.org/',
  'https://',
  '//example.org',
  '<a href=x>',
  '',
])('%j stays text', (text) => {
  expect(linkOf(text)).toBeUndefined();
});

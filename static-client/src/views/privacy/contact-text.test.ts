import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressesIn, faultTexts } from './contact-text';

test('an address is a line, and whatever a mail program put between two', () => {
  expect(addressesIn(' a@b.co \r\n\n c@d.co; e@f.co,g@h.co\n')).toEqual([
    'a@b.co',
    'c@d.co',
    'e@f.co',
    'g@h.co',
  ]);
  expect(addressesIn(' \n ')).toEqual([]);
});

test('addresses written one a line are read as they were', () => {
  const address = fc.stringMatching(/^[a-z.+-]{1,10}@[a-z]{1,5}\.[a-z]{2,3}$/);
  fc.assert(
    fc.property(fc.array(address), (addresses) => {
      expect(addressesIn(addresses.join('\n'))).toEqual(addresses);
    }),
  );
});

test('a fault names the address that it is about', () => {
  const faults = [
    { pointer: '/contact_addresses/1', detail: 'must be an e-mail address' },
    { pointer: '/contact_addresses', detail: 'must have at most 5 entries' },
    { pointer: '/contact_addresses/9', detail: 'is there already' },
  ];
  expect(faultTexts(faults, ['a@b.co', 'nobody'])).toEqual([
    '“nobody” must be an e-mail address',
    'The list must have at most 5 entries',
    'The list is there already',
  ]);
});

import type { Fault } from '../../server/problem';

/** The addresses of a text: one a line, or after commas and semicolons as mail programs write them. */
export function addressesIn(text: string): string[] {
  return text
    .split(/[\n\r,;]+/u)
    .map((part) => part.trim())
    .filter(Boolean);
}

/** The server's faults, each with the address that it is about. */
export function faultTexts(faults: readonly Fault[], addresses: readonly string[]): string[] {
  const texts = faults.map(({ pointer, detail }) => {
    const place = /^\/contact_addresses\/(\d+)$/.exec(pointer)?.[1];
    const address = place === undefined ? undefined : addresses[Number(place)];
    return address === undefined ? `The list ${detail}` : `“${address}” ${detail}`;
  });
  return [...new Set(texts)];
}

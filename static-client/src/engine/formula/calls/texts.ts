import { asTexts } from '../convert';
import { folded, sameText } from '../text-order';
import { NO_TEXT, textAt, textsFrom } from '../vector';
import { written } from '../written';
import { type CallMaker, ofText, textOfText } from './call';

export const textCalls: Readonly<Record<string, CallMaker>> = {
  text: ([value]) => ({ type: 'text', run: value ? written(value) : () => NO_TEXT }),
  concat: (given) => {
    const runs = given.map(asTexts);
    return {
      type: 'text',
      run: (frame) => {
        const parts = runs.map((run) => run(frame));
        return textsFrom(parts, frame.size, (row) => {
          let text = '';
          for (const part of parts) text += textAt(part, row);
          return text;
        });
      },
    };
  },
  length: ofText('number', 0, (text) => characters(text).length),
  lower: textOfText((text) => text.toLowerCase()),
  upper: textOfText((text) => text.toUpperCase()),
  trim: textOfText((text) => text.trim()),
  left: textOfText((text, count) => part(text, 0, count)),
  right: textOfText((text, count) => part(text, characters(text).length - whole(count), count)),
  middle: textOfText((text, start, count) => part(text, whole(start) - 1, count)),
  replace: textOfText((text, old, by) => (old === '' ? text : replaced(text, String(old), String(by)))),
  contains: ofText('boolean', 0, (text, piece) => found(folded(text).includes(folded(String(piece))), piece)),
  starts_with: ofText('boolean', 0, (text, piece) =>
    found(folded(text).startsWith(folded(String(piece))), piece),
  ),
  ends_with: ofText('boolean', 0, (text, piece) =>
    found(folded(text).endsWith(folded(String(piece))), piece),
  ),
  position: ofText('number', Number.NaN, position),
  one_of: ofText('boolean', 0, (text, ...choices) =>
    choices.some((choice) => sameText(text, String(choice))) ? 1 : 0,
  ),
};

/** An empty part is no part of anything. */
function found(holds: boolean, piece: string | number | undefined): number {
  return holds && piece !== '' ? 1 : 0;
}

/** Characters as people count them, or nearly: by code point. Most texts need no counting. */
function characters(text: string): readonly string[] | string {
  return /[\ud800-\udfff]/.test(text) ? [...text] : text;
}

/** A count or position; an empty one is no number, and leaves nothing over. */
function whole(number: string | number | undefined): number {
  return typeof number === 'number' ? Math.trunc(number) : Number.NaN;
}

/** The characters from `start` on; those before the first are left out, and so is all where a number is empty. */
function part(text: string, start: number, count: string | number | undefined): string {
  const end = start + whole(count);
  if (Number.isNaN(end) || end <= 0) return '';
  const cut = characters(text).slice(Math.max(0, start), end);
  return typeof cut === 'string' ? cut : cut.join('');
}

/** Replaced texts may be many times as long; they are made no longer than they may be. */
function replaced(text: string, old: string, by: string): string {
  const pieces = text.split(old);
  let made = pieces[0] ?? '';
  for (let at = 1; at < pieces.length && made.length < 20_000; at++) made += by + (pieces[at] ?? '');
  return made;
}

function position(text: string, piece: string | number | undefined): number {
  const at = piece === '' ? -1 : folded(text).indexOf(folded(String(piece)));
  return at < 0 ? Number.NaN : characters(folded(text).slice(0, at)).length + 1;
}

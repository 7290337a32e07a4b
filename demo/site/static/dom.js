/** Elements from code: text is always text, never markup. */

/**
 * Creates an element. `attributes` may hold `class`, `text`, listeners as functions (`onclick`) and plain
 * attributes; null, undefined and false leave one out.
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name === 'text') element.textContent = value;
    else if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? '' : value);
  }
  element.append(
    ...children.flat().filter((child) => child !== null && child !== undefined && child !== false),
  );
  return element;
}

const ICONS = {
  chevron: 'M4 6l4 4 4-4',
  search: 'M7 2.5a4.5 4.5 0 1 1 0 9 4.5 4.5 0 0 1 0-9zM10.5 10.5 14 14',
  help: 'M8 1.7a6.3 6.3 0 1 1 0 12.6A6.3 6.3 0 0 1 8 1.7zM6 6.2a2 2 0 1 1 2.9 1.8c-.6.3-.9.7-.9 1.4M8 11.6v.1',
  settings:
    'M8 5.8a2.2 2.2 0 1 1 0 4.4 2.2 2.2 0 0 1 0-4.4zM8 1.5v2M8 12.5v2M1.5 8h2M12.5 8h2M3.4 3.4l1.4 1.4M11.2 11.2l1.4 1.4M12.6 3.4l-1.4 1.4M4.8 11.2l-1.4 1.4',
  list: 'M2 4h12M2 8h12M2 12h8',
  chart: 'M2.5 13.5v-5h2.5v5zM7 13.5v-9h2.5v9zM11.5 13.5v-7H14v7z',
  app: 'M2.5 2.5h4.5v4.5H2.5zM9 2.5h4.5v4.5H9zM2.5 9h4.5v4.5H2.5zM9 9h4.5v4.5H9z',
  home: 'M2.5 7.5 8 2.8l5.5 4.7v6H10v-4H6v4H2.5z',
  check: 'M3 8.5 6.5 12 13 4.5',
};

/** A 16 px line icon, hidden from assistive technology: the text beside it says the same. */
export function icon(name) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg');
  const path = document.createElementNS('http://www.w3.org/2000/svg', 'path');
  path.setAttribute('d', ICONS[name]);
  svg.append(path);
  svg.setAttribute('viewBox', '0 0 16 16');
  svg.setAttribute('class', 'icon');
  svg.setAttribute('aria-hidden', 'true');
  return svg;
}

const HUES = ['#0055cc', '#216e4e', '#a54800', '#5e4db2', '#943d73', '#206a83', '#ae2e24', '#44546f'];

/** The round picture of a person: initials on a colour that follows from the name. */
export function avatar(name, size = 24) {
  const words = name.split(/\s+/).filter(Boolean);
  const initials = [words[0], words.length > 1 ? words[words.length - 1] : '']
    .map((word) => [...(word ?? '')][0] ?? '')
    .join('');
  const sum = [...name].reduce((total, letter) => total + (letter.codePointAt(0) ?? 0), 0);
  const style = `background:${HUES[sum % HUES.length]};width:${size}px;height:${size}px;font-size:${Math.round(size * 0.42)}px`;
  return h('span', { class: 'avatar', style, 'aria-hidden': 'true', text: initials.toUpperCase() });
}

import { h } from '../dom.js';

/** `AJS.escapeHtml`, by which the library makes markup of an app's text. */
export function escapeHtml(text) {
  const holder = document.createElement('div');
  holder.textContent = String(text ?? '');
  return holder.innerHTML;
}

/**
 * `AJS.flag`, which the library's own `AP.flag` draws with. The body is markup made by the library from the
 * app's text; only its text is shown, and its place for actions.
 */
export function drawFlag({ type, title, body, close }) {
  const text = new DOMParser().parseFromString(body ?? '', 'text/html').body.textContent ?? '';
  const flag = h(
    'section',
    { class: `flag flag-${type ?? 'info'}` },
    h('strong', { text: title ?? '' }),
    h('div', { text }),
    h('p', { class: 'ac-flag-actions' }),
    h('button', {
      class: 'flag-close',
      type: 'button',
      'aria-label': 'Dismiss',
      text: '×',
      onclick: () => flag.close(),
    }),
  );
  flag.close = () => {
    window.AJS.$(flag).trigger('aui-flag-close');
    flag.remove();
  };
  document.getElementById('flags').append(flag);
  if (close === 'auto') setTimeout(() => flag.close(), 5000);
  return flag;
}

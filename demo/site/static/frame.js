/** A page of the app in its iframe, joined by the bridge, and word of it where the page stays dead. */

import { state } from './bridge/history.js';
import { h } from './dom.js';
import { page } from './page.js';

const DEAD_AFTER_MS = 6000;

/** Opens a frame in a container. Returns nothing: the library keeps it alive. */
export function openFrame(container, frame) {
  const { connectHost } = window;
  const extension = {
    addon_key: page.app.key,
    key: frame.module.key,
    url: frame.url,
    options: {
      autoresize: true,
      isFullPage: frame.fullPage,
      moduleType: frame.module.kind,
      hostOrigin: location.origin,
      productContext: flat(frame.context),
      structuredContext: frame.context,
      history: frame.history,
      historyState: frame.history ? state() : '',
    },
  };
  const element = connectHost.create(extension)[0];
  container.append(element);
  const iframe = element.querySelector('iframe');
  iframe.title = `${frame.module.name} - ${page.app.name}`;
  if (!frame.fullPage) iframe.style.width = '100%';
  watch(container, iframe);
}

/** `{jira: {project: {key: 'P'}}}` as `{'project.key': 'P'}`, the older form of an app's context. */
function flat(context) {
  const entries = Object.entries(context.jira ?? {}).flatMap(([kind, values]) =>
    Object.entries(values).map(([name, value]) => [`${kind}.${name}`, value]),
  );
  return Object.fromEntries(entries);
}

function watch(container, iframe) {
  let notice = null;
  const timer = setTimeout(async () => {
    notice = h('section', { class: 'dead-frame', role: 'alert' }, ...(await explanation()));
    container.prepend(notice);
    iframe.classList.add('dead');
  }, DEAD_AFTER_MS);
  window.connectHost.onIframeEstablished(({ extension }) => {
    if (extension.id !== iframe.id) return;
    clearTimeout(timer);
    notice?.remove();
    iframe.classList.remove('dead');
    iframe.dataset.bridge = 'up';
  });
}

async function explanation() {
  const address = page.site.productUrl;
  const reload = h('button', {
    class: 'primary',
    type: 'button',
    text: 'Reload this page',
    onclick: () => location.reload(),
  });
  if (await answers(address)) {
    return [
      h('h2', { text: `${page.app.name} answers, but its page did not connect to Jira` }),
      h('p', { text: 'Its script may have failed or be slow. The console of the browser may say why.' }),
      reload,
    ];
  }
  return [
    h('h2', { text: `${page.app.name} is not answering in this browser` }),
    h('p', {
      text: 'Most often the browser does not trust this machine’s own certificate yet. To mend that:',
    }),
    h(
      'ol',
      {},
      h(
        'li',
        {},
        'Open ',
        h('a', { href: address, target: '_blank', rel: 'noopener', text: address }),
        ' in a new tab.',
      ),
      h('li', {
        text: 'If the browser warns of the certificate, accept it. If nothing answers there, the product is not running.',
      }),
      h('li', { text: 'Come back and reload this page.' }),
    ),
    reload,
  ];
}

/** Whether the browser reaches the app's origin at all; the answer itself stays closed to this origin. */
async function answers(address) {
  try {
    await fetch(`${address}/healthz`, {
      mode: 'no-cors',
      cache: 'no-store',
      signal: AbortSignal.timeout(4000),
    });
    return true;
  } catch {
    return false;
  }
}

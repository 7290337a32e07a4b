/** `AP.cookie`: cookies of the site's origin, kept apart by app. */

const DAY = 24 * 3600;

export function cookieModule() {
  return {
    save(name, value, expires, callback) {
      const age = Number(expires) > 0 ? `; max-age=${Math.round(Number(expires) * DAY)}` : '';
      // biome-ignore lint/suspicious/noDocumentCookie: the Cookie Store API is not in every browser
      document.cookie = `${cookieName(name, callback)}=${encodeURIComponent(value)}; path=/; secure; samesite=lax${age}`;
    },
    read(name, callback) {
      const start = `${cookieName(name, callback)}=`;
      const found = document.cookie.split('; ').find((entry) => entry.startsWith(start));
      callback(found === undefined ? undefined : decodeURIComponent(found.slice(start.length)));
    },
    erase(name, callback) {
      // biome-ignore lint/suspicious/noDocumentCookie: as above
      document.cookie = `${cookieName(name, callback)}=; path=/; secure; max-age=0`;
    },
  };
}

function cookieName(name, callback) {
  return encodeURIComponent(`${callback._context.extension.addon_key}$$${name}`);
}

// Runs before the first paint: `auto` follows the browser's own light or dark, and keeps following it.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia('(prefers-color-scheme: dark)');
  function apply() {
    const choice = root.dataset.themeChoice;
    const mode = choice === 'auto' ? (dark.matches ? 'dark' : 'light') : choice;
    if (root.dataset.colorMode !== mode) root.dataset.colorMode = mode;
  }
  apply();
  dark.addEventListener('change', apply);
  window.applyTheme = apply;
})();

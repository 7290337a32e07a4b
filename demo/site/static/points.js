import { h } from './dom.js';

/** What the app has used of its points of this hour; read when the menu opens. */
export function pointsPanel() {
  const bar = h('div', { class: 'points-bar' }, h('div'));
  const text = h('p', { class: 'menu-note', 'data-points': true, text: 'Reading…' });
  const reset = h('button', {
    class: 'subtle',
    type: 'button',
    text: 'Start the hour anew',
    onclick: () => startAnew(),
  });
  const panel = h('div', { class: 'points' }, bar, text, reset);
  const show = async () => {
    const answer = await fetch('/__demo/points');
    const points = await answer.json();
    const share = Math.min(1, points.used / points.limit);
    bar.firstChild.style.width = `${share * 100}%`;
    bar.classList.toggle('near', share > 0.8);
    const until = new Date(points.reset * 1000).toLocaleTimeString('en-GB', {
      hour: '2-digit',
      minute: '2-digit',
    });
    text.textContent = `API points used this hour: ${points.used.toLocaleString('en')} of ${points.limit.toLocaleString('en')}, in ${points.calls.toLocaleString('en')} calls. Full again at ${until}.`;
  };
  const startAnew = async () => {
    await fetch('/__demo/points', { method: 'DELETE' });
    await show();
  };
  show();
  return panel;
}

/** The only script of the pages. They work without it: it keeps them fresh, shows times as the reader's clock has them, and asks twice. */
export const PAGE_SCRIPT = `'use strict';
(function () {
  var seconds = Number(document.body.dataset.refresh || 0);
  var said = document.getElementById('said');
  var offline = document.getElementById('offline');
  var shown = {};

  function live(root) { return root.querySelectorAll('[data-live]'); }

  function localTimes(root) {
    root.querySelectorAll('time[data-local]').forEach(function (time) {
      var at = new Date(time.dateTime);
      if (isNaN(at)) return;
      var hour = { hour: '2-digit', minute: '2-digit' };
      var full = { year: 'numeric', month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit', second: '2-digit' };
      time.title = at.toLocaleString(undefined, full) + ' (' + time.dateTime + ')';
      if (time.dataset.local === 'hour') time.textContent = at.toLocaleTimeString(undefined, hour);
      if (time.dataset.local === 'near')
        time.textContent = at.toDateString() === new Date().toDateString() ? at.toLocaleTimeString(undefined, hour)
          : at.toLocaleString(undefined, { month: 'short', day: 'numeric', hour: '2-digit', minute: '2-digit' });
      if (time.dataset.local === 'full') time.textContent = at.toLocaleString(undefined, full);
    });
  }

  /** Somebody types there, or has selected text to copy it. */
  function busyIn(part) {
    var at = document.activeElement;
    var selected = document.getSelection();
    if (selected && !selected.isCollapsed && selected.containsNode(part, true)) return true;
    return at && part.contains(at) && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName);
  }

  /** Keyboard users stay where they are, and what was opened stays open. */
  function swap(old, fresh) {
    var at = document.activeElement;
    var focus = at && old.contains(at) ? at.id || at.getAttribute('href') || at.getAttribute('name') : null;
    var opened = Array.from(old.querySelectorAll('details[open][id]')).map(function (one) { return one.id; });
    if (fresh.dataset.said && fresh.dataset.said !== old.dataset.said) said.textContent = fresh.dataset.said;
    var now = document.importNode(fresh, true);
    localTimes(now);
    old.replaceWith(now);
    opened.forEach(function (id) { var one = document.getElementById(id); if (one) one.open = true; });
    if (focus === null) return;
    var again = Array.from(now.querySelectorAll('a, button, summary, [tabindex]')).find(function (one) {
      return one.id === focus || one.getAttribute('href') === focus || one.getAttribute('name') === focus;
    });
    if (again) again.focus({ preventScroll: true });
  }

  function take(text) {
    var fresh = new DOMParser().parseFromString(text, 'text/html');
    live(document).forEach(function (old) {
      var now = fresh.getElementById(old.id);
      if (!now || busyIn(old) || shown[old.id] === now.innerHTML) return;
      shown[old.id] = now.innerHTML;
      swap(old, now);
    });
  }

  function refresh() {
    if (document.hidden) return Promise.resolve();
    return fetch(location.href, { headers: { Accept: 'text/html' }, cache: 'no-store' })
      .then(function (answer) {
        if (answer.status === 401) return location.reload();
        if (!answer.ok) throw new Error(answer.status);
        if (document.querySelector('[data-again]')) return location.reload();
        return answer.text().then(function (text) { offline.hidden = true; take(text); });
      })
      .catch(function () {
        if (!offline.hidden) return;
        offline.textContent = 'Not connected since ' + new Date().toLocaleTimeString() + ': what you see may be old. Trying again.';
        offline.hidden = false;
      });
  }

  function rounds() { setTimeout(function () { refresh().then(rounds); }, seconds * 1000); }

  // A secret after the # is taken out of the address before anything else can read or keep it.
  document.querySelectorAll('input[data-from-fragment]').forEach(function (input) {
    input.value = location.hash.slice(1);
    history.replaceState(null, '', location.pathname);
  });
  live(document).forEach(function (part) { shown[part.id] = part.innerHTML; });
  localTimes(document);
  if (seconds > 0) {
    rounds();
    document.addEventListener('visibilitychange', refresh);
  }
  // A second press would send the same twice; the button's own name must still be sent.
  document.addEventListener('submit', function (event) {
    if (event.target.dataset.sent) return event.preventDefault();
    if (event.target.method !== 'post') return;
    event.target.dataset.sent = 'yes';
    event.target.setAttribute('aria-busy', 'true');
  });
  // Back from another page the form may be used again.
  window.addEventListener('pageshow', function () {
    document.querySelectorAll('form[data-sent]').forEach(function (form) {
      delete form.dataset.sent;
      form.removeAttribute('aria-busy');
    });
  });
})();
`;

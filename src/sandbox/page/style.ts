/** Style of the sandbox page; served as a file, so that the page needs no inline style. */
export const PAGE_STYLE = `
:root { color-scheme: light dark; --bg: #f4f5f7; --card: #fff; --ink: #1d2430; --soft: #667085; --line: #e2e5ea; --accent: #2457d6; --note: #fff6dd; --good: #16794a; --bad: #b42318; }
@media (prefers-color-scheme: dark) { :root { --bg: #14171c; --card: #1d2128; --ink: #e8eaee; --soft: #9aa3b2; --line: #2e3440; --accent: #7fa2ff; --note: #322a14; --good: #5fcf98; --bad: #ff8a80; } }
* { box-sizing: border-box; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.45 system-ui, sans-serif; }
header { max-width: 1400px; margin: 0 auto; padding: 14px 20px; display: flex; gap: 12px; align-items: baseline; flex-wrap: wrap; }
header h1 { font-size: 19px; margin: 0; }
header p { margin: 0; color: var(--soft); }
main { display: grid; grid-template-columns: 1fr 1fr; gap: 16px; padding: 0 20px 32px; max-width: 1400px; margin: 0 auto; align-items: start; }
main.single { grid-template-columns: minmax(0, 820px); justify-content: center; }
header.single { max-width: 860px; }
h2 { font-size: 15px; margin: 6px 0 10px; text-transform: uppercase; letter-spacing: .05em; color: var(--soft); }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 12px 14px; margin: 0 0 10px; overflow-wrap: anywhere; }
.card h3 { margin: 0 0 4px; font-size: 16px; }
.card p { margin: 4px 0; }
.soft { color: var(--soft); font-size: 13px; }
.row { display: flex; gap: 6px; flex-wrap: wrap; align-items: center; margin-top: 8px; }
.badge { border: 1px solid var(--line); border-radius: 99px; padding: 1px 9px; font-size: 12px; white-space: nowrap; }
.badge.on { border-color: var(--accent); color: var(--accent); }
.badge.good { border-color: var(--good); color: var(--good); }
.badge.bad { border-color: var(--bad); color: var(--bad); }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
button, input, textarea, select { font: inherit; color: inherit; background: var(--bg); border: 1px solid var(--line); border-radius: 7px; padding: 6px 10px; max-width: 100%; }
input, textarea, select { color: var(--ink); font-size: 15px; }
button { cursor: pointer; font-size: 14px; }
a.badge:hover { text-decoration: none; background: var(--bg); }
button:hover { border-color: var(--accent); }
button.main { background: var(--accent); border-color: var(--accent); color: var(--card); }
form.inline { display: inline; }
form.stack { display: grid; gap: 8px; }
form.stack .pair { display: grid; grid-template-columns: 2fr 1fr 1fr; gap: 8px; }
label { font-size: 13px; color: var(--soft); display: grid; gap: 3px; }
label.check { display: flex; align-items: center; gap: 6px; }
details summary { cursor: pointer; font-weight: 600; }
details[open] summary { margin-bottom: 10px; }
.talk { border-left: 3px solid var(--accent); }
.talk.private { background: var(--note); border-left-color: #d9a514; }
.text { white-space: pre-wrap; }
@media (max-width: 800px) { main { grid-template-columns: 1fr; padding: 0 10px 24px; } header { padding: 12px 10px; } form.stack .pair { grid-template-columns: 1fr; } button { padding: 8px 12px; } }
`;

/** Refreshes the lists in place, but never under somebody's hands. */
export const PAGE_SCRIPT = `
(function () {
  function busy() {
    var at = document.activeElement;
    return at && /^(INPUT|TEXTAREA|SELECT)$/.test(at.tagName) && at.closest('[data-live]');
  }
  function refresh() {
    if (document.hidden || busy()) return;
    fetch(location.href, { headers: { Accept: 'text/html' } })
      .then(function (answer) { return answer.ok ? answer.text() : null; })
      .then(function (text) {
        if (text === null || busy()) return;
        var fresh = new DOMParser().parseFromString(text, 'text/html');
        document.querySelectorAll('[data-live]').forEach(function (old) {
          var now = fresh.getElementById(old.id);
          if (now && now.innerHTML !== old.innerHTML) old.replaceWith(document.importNode(now, true));
        });
      })
      .catch(function () {});
  }
  setInterval(refresh, 2000);
})();
`;

/** The look of all pages; served as a file, so that no page needs an inline style. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --bg: #f3f5f9; --card: #fff; --sunk: #f7f8fb; --ink: #161c2b; --soft: #566074; --line: #dfe3ec; --accent: #3156d3; --accent-ink: #fff; --accent-soft: #e9eefc;
  --good: #12704a; --good-soft: #e0f4ea; --bad: #b3261e; --bad-soft: #fdeaea; --warn: #8a5300; --warn-soft: #fdf1d8; --grey-soft: #e9ecf2;
  --shadow: 0 1px 2px rgb(22 28 43 / 6%), 0 6px 18px -10px rgb(22 28 43 / 18%);
}
@media (prefers-color-scheme: dark) {
  :root {
    --bg: #0f131b; --card: #181e29; --sunk: #131822; --ink: #e9ecf3; --soft: #a2acbf; --line: #2b3444; --accent: #8ea8ff; --accent-ink: #10172b; --accent-soft: #202c4d;
    --good: #62d39b; --good-soft: #14352a; --bad: #ff938b; --bad-soft: #3f1d20; --warn: #f3bf62; --warn-soft: #3a2c12; --grey-soft: #262e3c;
    --shadow: none;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; }
body { margin: 0; background: var(--bg); color: var(--ink); font: 15px/1.5 system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif; }
[hidden] { display: none !important; }
.unseen { position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip { position: absolute; left: -999px; }
.skip:focus { left: 12px; top: 8px; z-index: 2; background: var(--card); padding: 8px 12px; border-radius: 8px; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
main:focus { outline: none; }
a { color: var(--accent); text-decoration: none; }
a:hover { text-decoration: underline; }
main p a, main dd a, a.in-text { text-decoration: underline; text-underline-offset: 2px; }
.out { font-size: .85em; margin-left: .2em; }
.top { background: var(--card); border-bottom: 1px solid var(--line); }
.top-in { max-width: 1280px; margin: 0 auto; padding: 10px 24px; display: flex; gap: 8px 26px; align-items: center; flex-wrap: wrap; }
.brand { display: flex; align-items: center; gap: 10px; font-weight: 700; font-size: 17px; color: var(--ink); letter-spacing: -.01em; }
.brand:hover { text-decoration: none; }
.brand span { font-weight: 500; font-size: 13px; color: var(--soft); border-left: 1px solid var(--line); padding-left: 10px; }
.top nav { display: flex; flex-wrap: wrap; gap: 2px; flex: 1; }
.top nav a { color: var(--soft); padding: 6px 11px; border-radius: 8px; font-weight: 500; }
.top nav a:hover { background: var(--sunk); color: var(--ink); text-decoration: none; }
.top nav a[aria-current] { background: var(--accent-soft); color: var(--accent); }
.offline { margin: 0; padding: 8px 24px; background: var(--warn-soft); color: var(--warn); font-weight: 600; text-align: center; }
main { max-width: 1280px; margin: 0 auto; padding: 22px 24px 56px; }
main.narrow, .narrow { max-width: 880px; margin-inline: auto; }
h1 { font-size: 24px; line-height: 1.25; margin: 0; letter-spacing: -.015em; overflow-wrap: anywhere; }
h2 { font-size: 16px; margin: 0 0 12px; letter-spacing: -.005em; }
h3 { font-size: 15px; margin: 0; }
p { margin: 0; }
.head { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: center; margin-bottom: 18px; }
.head .lead { flex-basis: 100%; color: var(--soft); }
.crumbs { color: var(--soft); font-size: 14px; margin-bottom: 8px; }
.soft { color: var(--soft); }
.small { font-size: 13px; }
.mono { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; font-size: .92em; overflow-wrap: anywhere; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 18px 20px; margin-bottom: 16px; box-shadow: var(--shadow); overflow-wrap: anywhere; }
.row { display: flex; gap: 8px; flex-wrap: wrap; align-items: center; }
.row.end { justify-content: space-between; }
.gap, .card > p.small + table, .card > p.small + ol { margin-top: 12px; }
.two { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; align-items: start; }
.two > .card { margin-bottom: 0; height: 100%; }
.cols { display: grid; grid-template-columns: minmax(0, 5fr) minmax(0, 3fr); gap: 16px; align-items: start; }

.tiles { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 14px; margin: 0 0 16px; }
.tile { background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 14px 16px; box-shadow: var(--shadow); min-width: 0; }
.tile h2 { font-size: 13px; font-weight: 600; color: var(--soft); margin: 0 0 2px; }
.tile .big { font-size: 29px; line-height: 1.2; font-weight: 700; letter-spacing: -.02em; font-variant-numeric: tabular-nums; }
.tile .big a { color: inherit; text-decoration: none; }
.tile .big a:hover { text-decoration: underline; }
.tile p { font-size: 13px; color: var(--soft); overflow-wrap: anywhere; }
.tile p.big { font-size: 29px; color: var(--ink); }
.tile.bad { border-color: color-mix(in srgb, var(--bad) 45%, var(--line)); background: var(--bad-soft); }
.tile.bad p.big, .tile.bad h2 { color: var(--bad); }
.tile.bad p { color: var(--ink); }
.tile.good p.big { color: var(--good); }
.tile dl { display: grid; grid-template-columns: auto 1fr; gap: 1px 12px; margin: 6px 0 0; font-size: 13px; }
.tile dt { color: var(--soft); }
.tile dd { margin: 0; text-align: right; font-weight: 600; }

.badge { display: inline-flex; align-items: center; gap: 6px; border-radius: 99px; padding: 2px 10px; font-size: 12.5px; font-weight: 600; background: var(--grey-soft); color: var(--ink); max-width: 100%; }
.badge::before { content: ''; width: 7px; height: 7px; border-radius: 50%; background: currentColor; flex: none; }
td .badge { white-space: nowrap; }
.badge.plain::before { content: none; }
.badge.on { background: var(--accent-soft); color: var(--accent); }
.badge.good { background: var(--good-soft); color: var(--good); }
.badge.bad { background: var(--bad-soft); color: var(--bad); }
.badge.warn { background: var(--warn-soft); color: var(--warn); }
a.badge:hover { text-decoration: underline; }

button, .button { font: inherit; font-weight: 600; font-size: 14px; color: var(--ink); background: var(--card); border: 1px solid var(--line); border-radius: 9px; padding: 7px 14px; min-height: 38px; cursor: pointer; display: inline-flex; align-items: center; gap: 6px; text-decoration: none; }
button:hover, .button:hover { border-color: var(--accent); text-decoration: none; }
button.main, .button.main { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
button.main:hover { filter: brightness(1.08); }
button.danger, .button.danger { color: var(--bad); border-color: color-mix(in srgb, var(--bad) 40%, var(--line)); }
button.danger.main { background: var(--bad); border-color: var(--bad); color: var(--card); }
button.link { border: 0; background: none; color: var(--soft); padding: 6px 4px; min-height: 0; font-weight: 500; }
form[aria-busy] button { opacity: .6; }
input, textarea, select { font: inherit; font-weight: 400; color: var(--ink); background: var(--card); border: 1px solid color-mix(in srgb, var(--soft) 55%, var(--line)); border-radius: 9px; padding: 7px 11px; min-height: 38px; max-width: 100%; }
input[type='checkbox'] { min-height: 0; width: 18px; height: 18px; accent-color: var(--accent); }
label { font-size: 13px; font-weight: 600; color: var(--soft); display: grid; gap: 4px; }
label.check { display: flex; align-items: center; gap: 8px; color: var(--ink); }
form.stack { display: grid; gap: 12px; }
form.stack input, form.stack textarea { width: 100%; }
form.stack input[type='checkbox'] { width: 18px; }
form.inline { display: inline-flex; margin: 0; }
form.filter { display: flex; flex-wrap: wrap; gap: 10px; align-items: end; }
form.filter label.wide { flex: 1 1 220px; }
form.filter label.wide input { width: 100%; }
.three { display: grid; grid-template-columns: 2fr 1fr 1fr; gap: 12px; }

table { width: 100%; border-collapse: collapse; font-size: 14px; }
th { text-align: left; font-size: 12.5px; font-weight: 600; color: var(--soft); padding: 8px 10px; border-bottom: 1px solid var(--line); white-space: nowrap; }
td { padding: 11px 10px; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
tbody tr:last-child td { border-bottom: 0; }
tbody tr:hover { background: var(--sunk); }
td.num, th.num { text-align: right; font-variant-numeric: tabular-nums; }
td.tight { white-space: nowrap; }
td .under { display: block; }
.lead-word { display: none; }
td .why { color: var(--bad); }
.strong { font-weight: 650; }
.table-foot { display: flex; justify-content: space-between; gap: 12px; margin-top: 14px; flex-wrap: wrap; }
.none { padding: 34px 12px; text-align: center; color: var(--soft); }

.panel { border-radius: 14px; padding: 18px 20px; margin-bottom: 16px; border: 1px solid var(--line); background: var(--card); overflow-wrap: anywhere; }
.panel.bad { border-color: color-mix(in srgb, var(--bad) 40%, var(--line)); background: var(--bad-soft); }
.panel.good { border-color: color-mix(in srgb, var(--good) 40%, var(--line)); background: var(--good-soft); }
.panel.warn { border-color: color-mix(in srgb, var(--warn) 40%, var(--line)); background: var(--warn-soft); }
.panel.note { border-color: color-mix(in srgb, var(--accent) 35%, var(--line)); background: var(--accent-soft); }
.panel h2 { margin-bottom: 8px; }
.panel dl { margin: 0; display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 8px 16px; }
.panel dt { font-weight: 600; }
.panel dd { margin: 0; white-space: pre-wrap; }
dl.facts { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 9px 18px; margin: 0; }
dl.facts dt { color: var(--soft); }
dl.facts dd { margin: 0; overflow-wrap: anywhere; }

ol.timeline { list-style: none; margin: 0; padding: 0; }
ol.timeline li { position: relative; padding: 0 0 16px 24px; }
ol.timeline li::before { content: ''; position: absolute; left: 3px; top: 7px; width: 9px; height: 9px; border-radius: 50%; background: var(--accent); }
ol.timeline li::after { content: ''; position: absolute; left: 7px; top: 20px; bottom: -3px; width: 1px; background: var(--line); }
ol.timeline li:last-child { padding-bottom: 0; }
ol.timeline li:last-child::after { content: none; }
ol.timeline li.bad::before { background: var(--bad); }
ol.timeline li.good::before { background: var(--good); }
ol.timeline time { float: right; margin-left: 12px; color: var(--soft); font-size: 13px; }
ol.timeline h3 time { float: none; display: inline; margin: 0; }
ol.timeline p { color: var(--soft); font-size: 14px; white-space: pre-wrap; }

figure { margin: 0; }
figure .total { font-size: 13px; color: var(--soft); margin: -8px 0 12px; }
svg.bars { display: block; width: 100%; height: 132px; border-bottom: 1px solid var(--line); overflow: visible; }
svg.bars rect, svg.bar rect { fill: var(--accent); }
svg.bars.low { height: 24px; }
svg.bars.good rect { fill: var(--good); }
svg.bars.bad rect { fill: var(--bad); }
svg.bars rect.hit { fill: transparent; }
svg.bars g:hover rect.hit { fill: var(--accent-soft); }
.axis { display: flex; justify-content: space-between; font-size: 12px; color: var(--soft); margin-top: 4px; }
svg.bar { display: block; width: 100%; height: 12px; }
svg.bar rect.track { fill: var(--grey-soft); }
table.slim td { padding: 5px 8px; border: 0; vertical-align: middle; }
table.slim td.num { overflow-wrap: normal; }
table.slim td:nth-child(2) { width: 60%; }
details > summary { cursor: pointer; font-weight: 600; font-size: 14px; color: var(--accent); padding: 4px 0; }
details.more { margin-top: 10px; }
details.more table td, details.more table th { padding: 4px 8px; }

.sign-in { max-width: 400px; margin: 9vh auto 0; }
.sign-in .card { padding: 26px 26px 28px; }
.sign-in h1 { font-size: 21px; margin-bottom: 4px; }

.message { border-left: 4px solid var(--accent); }
.message.private { background: var(--warn-soft); border-left-color: var(--warn); }
.text { white-space: pre-wrap; }
.board { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 20px; align-items: start; }
.board .card { margin-bottom: 12px; padding: 14px 16px; }
.steps { display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: 12px; list-style: none; margin: 0 0 20px; padding: 0; counter-reset: step; }
.steps li { counter-increment: step; background: var(--card); border: 1px solid var(--line); border-radius: 14px; padding: 12px 14px; font-size: 14px; color: var(--soft); box-shadow: var(--shadow); }
.steps li strong { color: var(--ink); display: flex; align-items: center; gap: 8px; }
.steps li strong::before { content: counter(step); display: inline-grid; place-items: center; width: 22px; height: 22px; border-radius: 50%; background: var(--accent-soft); color: var(--accent); font-size: 12.5px; flex: none; }
.path { display: flex; gap: 6px; margin: 10px 0 4px; padding: 0; list-style: none; }
.path li { flex: 1; font-size: 12px; color: var(--soft); border-top: 4px solid var(--grey-soft); padding-top: 4px; min-width: 0; overflow-wrap: anywhere; line-height: 1.3; }
.path li.done { border-color: var(--good); color: var(--ink); }
.path li.now { border-color: var(--accent); color: var(--accent); font-weight: 600; }
.path li.stop { border-color: var(--bad); color: var(--bad); font-weight: 600; }

.stages { display: flex; flex-wrap: wrap; gap: 6px; list-style: none; margin: 0 0 16px; padding: 0; }
.stages a { display: inline-flex; align-items: center; gap: 6px; min-height: 36px; padding: 4px 13px; border: 1px solid var(--line); border-radius: 99px; background: var(--card); color: var(--ink); font-size: 13.5px; font-weight: 600; }
.stages a[aria-current] { background: var(--accent-soft); border-color: var(--accent); color: var(--accent); }
.halves { display: grid; grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 16px; align-items: start; }
@media (max-width: 1000px) { .halves { grid-template-columns: minmax(0, 1fr); } }
.field { display: grid; gap: 4px; }
.fault { color: var(--bad); font-weight: 600; font-size: 14px; }
form.stack select { width: 100%; }
form.stack input[type='radio'] { width: 18px; }
.panel dl.facts dd { white-space: normal; }
.halves tr > :nth-child(2), .halves tr > :nth-child(3) { display: none !important; }
input[type='radio'] { min-height: 0; width: 18px; height: 18px; flex: none; accent-color: var(--accent); }
fieldset { border: 1px solid var(--line); border-radius: 9px; margin: 0; padding: 10px 14px 14px; display: grid; gap: 10px; min-width: 0; }
legend { font-size: 13px; font-weight: 600; color: var(--soft); padding: 0 6px; }
pre { margin: 8px 0 0; padding: 12px 14px; border-radius: 9px; background: var(--sunk); border: 1px solid var(--line); font: 13px/1.5 ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
pre.diff ins { color: var(--good); text-decoration: none; }
pre.diff del { color: var(--bad); text-decoration: none; }
ul.findings { list-style: none; margin: 0 0 12px; padding: 0; display: grid; gap: 10px; }
ul.findings li { display: grid; grid-template-columns: 74px minmax(0, 1fr); gap: 10px; align-items: start; }
ul.findings .badge { justify-self: start; white-space: nowrap; }

@media (max-width: 1000px) { .tiles { grid-template-columns: repeat(2, minmax(0, 1fr)); } .cols { grid-template-columns: minmax(0, 1fr); } .steps { grid-template-columns: repeat(2, minmax(0, 1fr)); } }
@media (max-width: 760px) {
  .top-in { padding: 10px 14px; gap: 8px 12px; }
  .top nav { order: 3; flex-basis: 100%; margin: 0 -6px; }
  .top nav a { padding: 6px 8px; }
  .brand { flex: 1; }
  main { padding: 16px 14px 40px; }
  .tiles { gap: 10px; grid-auto-flow: dense; }
  .cols > :last-child { order: -1; }
  .tile { padding: 12px 13px; }
  .tile .big, .tile p.big { font-size: 25px; }
  .tile.wide { grid-column: span 2; }
  .two, .board { grid-template-columns: minmax(0, 1fr); }
  .card, .panel { padding: 15px 15px; }
  .three { grid-template-columns: 1fr; }
  table.slim td.tight { white-space: normal; }
  table.slim td:nth-child(2) { width: 40%; }
  .panel dl, dl.facts { grid-template-columns: minmax(0, 1fr); gap: 1px; }
  .panel dd, dl.facts dd { margin-bottom: 10px; }
  ol.timeline li > time { float: none; display: block; margin: 0; }
  table.cards thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  table.cards, table.cards tbody, table.cards tr, table.cards td { display: block; width: 100%; }
  table.cards tr { border: 1px solid var(--line); border-radius: 12px; padding: 10px 13px; margin-bottom: 10px; display: grid; grid-template-columns: minmax(0, 1fr) auto; }
  .lead-word { display: inline; }
  table.cards td { grid-column: 1 / -1; border: 0; padding: 3px 0; display: grid; grid-template-columns: 104px minmax(0, 1fr); gap: 8px; text-align: left; white-space: normal; }
  table.cards td::before { content: attr(data-label); color: var(--soft); font-size: 13px; }
  table.cards td.lead { grid-column: auto; display: block; font-size: 15px; }
  table.cards td.lead::before { content: none; }
  button, .button, input, select { min-height: 44px; }
  button.link { min-height: 0; }
}
@media (min-width: 901px) { td[data-label='Ticket'], td[data-label='Visit'] { min-width: 170px; } }
@media (max-width: 480px) { .steps { grid-template-columns: minmax(0, 1fr); gap: 8px; } form.filter label, form.filter select, form.filter button { width: 100%; } form.filter button, form.filter .button { justify-content: center; } }
@media (prefers-reduced-motion: no-preference) { .tile, .card, button, .button { transition: border-color .12s, filter .12s; } }
`;

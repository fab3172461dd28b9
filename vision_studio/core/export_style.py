"""How an exported page looks: on a screen, light or dark as its reader's system is, and on paper."""

STYLE = """
:root { color-scheme: light dark; --ground: #ffffff; --text: #1f1e1b; --muted: #5f5b53; --line: #d9d5cb;
  --sunken: #f4f2ec; --accent: #9a4a26; }
@media (prefers-color-scheme: dark) { :root { --ground: #1c1b19; --text: #eeece6; --muted: #aaa69c;
  --line: #3a3834; --sunken: #26241f; --accent: #e6a078; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 46rem; padding: 2rem 1.25rem 4rem; background: var(--ground);
  color: var(--text); font: 1rem/1.55 Inter, system-ui, "Segoe UI", "Helvetica Neue", Arial, sans-serif;
  overflow-wrap: break-word; }
h1 { font-size: 1.5rem; line-height: 1.25; margin: 0 0 .25rem; }
.answer h1 { font-size: 1.2rem; margin-top: 1.4rem; }
h2, h3, h4, h5, h6 { font-size: 1.05rem; margin: 1.4rem 0 .4rem; }
a { color: var(--accent); }
.facts, figcaption, .who { color: var(--muted); font-size: .875rem; }
.who { font-weight: 600; margin: 0 0 .35rem; }
.system { border-left: 3px solid var(--line); padding-left: .9rem; }
.turn { border-top: 1px solid var(--line); margin-top: 1.75rem; padding-top: 1.25rem; }
.said { white-space: pre-wrap; margin: .5rem 0; }
.answer { margin-top: 1.25rem; }
.ending { color: var(--muted); border: 1px solid var(--line); border-radius: 8px; padding: .5rem .75rem; }
.pictures { display: flex; flex-wrap: wrap; gap: .75rem; }
figure { margin: 0; max-width: 100%; flex: 0 1 14rem; }
.pictures.single figure { flex-basis: 100%; }
img { display: block; max-width: 100%; max-height: 32rem; height: auto; border: 1px solid var(--line);
  border-radius: 6px; }
figcaption { padding-top: .3rem; }
pre { background: var(--sunken); border-radius: 8px; padding: .75rem .9rem; overflow-x: auto;
  font-size: .85rem; line-height: 1.45; }
code { font-family: "JetBrains Mono", "SF Mono", Consolas, "DejaVu Sans Mono", monospace; font-size: .9em; }
pre code { font-size: 1em; }
blockquote { margin: .75rem 0; padding-left: .9rem; border-left: 3px solid var(--line); color: var(--muted); }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: .9rem 0; }
th, td { border: 1px solid var(--line); padding: .35rem .6rem; text-align: left; vertical-align: top; }
.right { text-align: right; }
.center { text-align: center; }
hr { border: 0; border-top: 1px solid var(--line); margin: 1.25rem 0; }
details { margin: .5rem 0; }
@page { margin: 18mm 16mm; }
@media print { :root { color-scheme: light; --ground: #ffffff; --text: #000000; --muted: #444444;
  --line: #bbbbbb; --sunken: #f4f4f4; --accent: #000000; }
  body { max-width: none; padding: 0; font-size: 10.5pt; }
  img { max-height: 18cm; } figure, pre, tr, .ending { break-inside: avoid; }
  .who, h1, h2, h3, h4, h5, h6 { break-after: avoid; } pre { white-space: pre-wrap; } }
"""

"""The style of the reference page: one sheet, light and dark, wide and narrow, and on paper."""

STYLE = """
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f6f8;--line:#dfe3e8;--ink:#1b1f24;--soft:#57606a;
--accent:#0b5cad;--get:#1a6b3c;--post:#0b5cad;--put:#8a5300;--delete:#b3261e}
@media (prefers-color-scheme:dark){:root{--ground:#12161b;--raised:#1b2129;--line:#313a46;--ink:#e4e8ed;
--soft:#9aa7b5;--accent:#79b8ff;--get:#5fcf8c;--post:#79b8ff;--put:#f0b35a;--delete:#ff8d85}}
*{box-sizing:border-box}
html{scroll-padding-top:1rem}
body{margin:0;background:var(--ground);color:var(--ink);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,
"Helvetica Neue",Arial,sans-serif;display:grid;grid-template-columns:17rem minmax(0,1fr)}
a{color:var(--accent);text-decoration:none}a:hover,a:focus-visible{text-decoration:underline}
nav{position:sticky;top:0;height:100vh;overflow:auto;padding:1.5rem 1.25rem;border-right:1px solid var(--line);
background:var(--raised);font-size:.9rem}
nav b{display:block;margin:1.1rem 0 .2rem;color:var(--soft);font-size:.75rem;letter-spacing:.06em;
text-transform:uppercase}
nav a{display:block;padding:.16rem 0;color:var(--ink)}nav .title{font-size:1.15rem;font-weight:700}
main{padding:2rem clamp(1rem,4vw,3.5rem) 6rem;max-width:68rem;width:100%}
h1{margin:0;font-size:2rem;letter-spacing:-.01em}h2{margin:3.2rem 0 .8rem;padding-bottom:.35rem;
border-bottom:1px solid var(--line);font-size:1.5rem}
h3{margin:2.8rem 0 .5rem;font-size:1.2rem}h4{margin:1.6rem 0 .4rem;font-size:.95rem;color:var(--soft)}
.here{color:var(--line);font-weight:400}.here:hover{color:var(--accent)}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.875em}
code{overflow-wrap:anywhere}p code,td code,li code{background:var(--raised);padding:.1em .3em;border-radius:4px}
pre{margin:0 0 1rem;padding:.9rem 1rem;background:var(--raised);border:1px solid var(--line);border-radius:8px;
overflow:auto;max-height:26rem;line-height:1.45}
pre code{overflow-wrap:normal}
.label{padding:.25rem 1rem;border:1px solid var(--line);border-bottom:0;border-radius:8px 8px 0 0;color:var(--soft);
font-size:.8rem}.label+pre{border-radius:0 0 8px 8px}
.address{display:flex;flex-wrap:wrap;gap:.5rem .7rem;align-items:center;margin:.3rem 0 .6rem}
.method{padding:.1rem .5rem;border:1.5px solid currentColor;border-radius:5px;
font:700 .78rem/1.4 ui-monospace,monospace}
.get{color:var(--get)}.post{color:var(--post)}.put{color:var(--put)}.delete{color:var(--delete)}
.level{padding:.05rem .6rem;border:1px solid var(--line);border-radius:1rem;color:var(--soft);font-size:.8rem;
white-space:nowrap}
.wide{overflow-x:auto;margin:.4rem 0 1rem}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th{padding:.35rem .8rem .35rem 0;color:var(--soft);font-size:.8rem;font-weight:600;text-align:left}
td{padding:.45rem .8rem .45rem 0;border-top:1px solid var(--line);vertical-align:top}
td:first-child{white-space:nowrap}
.need{color:var(--delete);font-size:.75rem}
details{margin:1.2rem 0}summary{cursor:pointer;color:var(--soft);font-weight:600;font-size:.95rem}
svg.states{display:block;min-width:40rem;max-width:56rem;width:100%;margin:1rem 0}
.state{fill:var(--raised);stroke:var(--soft);stroke-width:1.5}.state.enabled{stroke:var(--get);stroke-width:2.5}
.state.rejected{stroke:var(--delete);stroke-width:2.5}
svg text{fill:var(--ink);text-anchor:middle;font-size:14px}svg .name{font-weight:600}
svg .word{fill:var(--soft);font-size:12.5px;paint-order:stroke;stroke:var(--ground);stroke-width:5px;
stroke-linejoin:round}
.way{stroke:var(--soft);stroke-width:1.5}.tip{fill:var(--soft)}
@media (max-width:56rem){body{display:block}nav{position:static;height:auto;max-height:16rem;border-right:0;
border-bottom:1px solid var(--line)}h1{font-size:1.6rem}td:first-child{white-space:normal;min-width:7rem}
nav a{padding:.4rem 0}}
@media print{body{display:block}nav{display:none}pre{max-height:none;white-space:pre-wrap}}
"""

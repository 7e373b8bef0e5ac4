// The style sheet of a page. Colours of series are those of Okabe and Ito, as in pictures of traces.

import { styleRules } from "../trace/svg/style.js";

const LIGHT =
  "--paper:#fff;--panel:#f5f7f9;--ink:#1f2328;--dim:#57606a;--line:#d5dae0;--accent:#0a58a8;--good:#1a6b3c;--bad:#a3360b;--s0:#0072b2;--s1:#b35c00;--s2:#00795a;--s3:#a2447f;--s4:#2b6cb0;--s5:#6b5b00";
const DARK =
  "--paper:#0f1318;--panel:#171d24;--ink:#e6edf3;--dim:#9da7b3;--line:#313942;--accent:#79b8ff;--good:#6fd08c;--bad:#ff9b6b;--s0:#56b4e9;--s1:#e69f00;--s2:#3ac19b;--s3:#e39cc6;--s4:#9cc9f5;--s5:#f0e442";

const RULES = `
:root{color-scheme:light dark;${LIGHT}}
@media screen and (prefers-color-scheme:dark){:root{${DARK}}}
@media print{:root{color-scheme:light;${LIGHT}}}
*{box-sizing:border-box}
html{background:var(--paper);color:var(--ink);font:16px/1.5 system-ui,-apple-system,"Segoe UI",Helvetica,Arial,sans-serif}
body{margin:0 auto;max-width:2400px;padding:0 clamp(12px,2.5vw,48px) 48px}
h1{font-size:clamp(1.3rem,1rem + 1.4vw,2rem);line-height:1.2;margin:.2em 0 .5em;overflow-wrap:anywhere}
h2{font-size:1.25rem;margin:0 0 .4em}
h3{font-size:1rem;margin:1.2em 0 .4em}
.brand{font-weight:700;letter-spacing:.02em;margin:1.2em 0 0}
.dim,.hint{color:var(--dim)}
.hint{font-size:.875rem;margin:.3em 0}
#answer{font-size:clamp(1.05rem,.95rem + .6vw,1.5rem);line-height:1.4;max-width:52em;margin:0 0 .8em;border-left:4px solid var(--accent);padding-left:.7em;overflow-wrap:anywhere}
.note{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.6em .9em;max-width:60em}
section{margin:2.2rem 0 0;min-width:0}
#curves,#table,#provenance{contain:layout}
main{display:grid;grid-template-columns:minmax(0,1fr);column-gap:40px}
@media (min-width:1240px){main{grid-template-columns:minmax(0,5fr) minmax(0,7fr)}#curves,#table,#provenance{grid-column:1/-1}#map>div{position:sticky;top:0}}
.controls{display:flex;flex-wrap:wrap;gap:.5rem 1rem;align-items:end;margin:.4rem 0}
.controls label,.field{display:flex;flex-direction:column;font-size:.8125rem;color:var(--dim);min-width:0}
select,input,button{font:inherit;font-size:.9375rem;color:var(--ink);background:var(--paper);border:1px solid var(--dim);border-radius:5px;padding:.25em .5em;min-height:2rem;max-width:100%}
input[type=range]{padding:0;accent-color:var(--accent);border:0;background:none;width:100%}
input[type=search]{width:min(32rem,100%)}
input[aria-invalid=true]{border-color:var(--bad);outline-color:var(--bad)}
button{cursor:pointer;background:var(--panel)}
button:hover{border-color:var(--ink)}
button[disabled]{opacity:.5;cursor:default}
button.link{font-size:inherit;border:0;background:none;padding:0;min-height:24px;color:var(--accent);text-decoration:underline;font-weight:600}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.buttons{display:flex;flex-wrap:wrap;gap:.4rem;margin:.5rem 0}
a.button{display:inline-block;border:1px solid var(--dim);border-radius:5px;background:var(--panel);color:var(--ink);padding:.2em .6em;text-decoration:none;font-size:.9375rem}
.scroll{overflow:auto;max-width:100%}
.found{max-height:20rem}
table{border-collapse:collapse;font-size:.875rem;font-variant-numeric:tabular-nums}
caption{text-align:left;color:var(--dim);font-size:.8125rem;padding-bottom:.2em}
th,td{text-align:left;padding:.25em .7em .25em 0;border-bottom:1px solid var(--line);vertical-align:baseline}
th{font-weight:600}
td.number,th.number{text-align:right}
td.number{white-space:nowrap}
.answers td{min-width:12em}
@media (max-width:640px){.answers thead{display:none}.answers th,.answers td{display:block;border:0;padding:0}.answers tr{display:block;border-bottom:1px solid var(--line);padding:.3em 0}.answers td::before{content:attr(data-label);display:block;color:var(--dim);font-size:.8125rem}}
.heat{position:relative;user-select:none;-webkit-user-select:none}
.heat image{image-rendering:pixelated}
.heat svg{display:block;width:100%;height:auto;touch-action:manipulation}
.heat text,.chart text{fill:var(--ink);font-size:12px;font-family:inherit}
.heat .title{font-size:13px;font-weight:600}
.heat .frame{fill:none;stroke:var(--dim)}
.heat .halo{fill:none;stroke:#fff;stroke-width:5;stroke-linejoin:round}
.heat .simulated{fill:none;stroke:#111;stroke-width:2.4;stroke-linejoin:round}
.heat .bounded{fill:none;stroke:#111;stroke-width:2.4;stroke-dasharray:6 4}
.heat .cursor{fill:none;stroke:#fff;stroke-width:4}
.heat .cursor.in{stroke:#000;stroke-width:2}
.heat .opened{fill:none;stroke:#000;stroke-width:1.6}
.heat .opened.out{stroke:#fff;stroke-width:4.5}
.heat .middle,.chart .middle{text-anchor:middle}
.heat .end,.chart .end{text-anchor:end}
.heat .plot{fill:transparent;cursor:crosshair}
.legend{display:flex;flex-wrap:wrap;gap:.3rem 1.1rem;font-size:.8125rem;margin:.5rem 0;align-items:center}
.legend span{display:inline-flex;gap:.4rem;align-items:center}
.legend svg{flex:none}
.legend .simulated,.legend .bounded{fill:none;stroke:var(--ink);stroke-width:2.4}
.legend .bounded{stroke-dasharray:6 4}
.readout{display:block;min-height:3em;font-size:.9375rem;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.sliders{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,15rem),1fr));gap:.4rem 1.2rem;margin:.5rem 0}
.slider{display:grid;grid-template-columns:1fr 6.5rem;column-gap:.6rem;align-items:center}
.slider label{grid-column:1/-1;font-size:.8125rem;color:var(--dim)}
.proof{margin:.3rem 0}
#proof{font-weight:700;overflow-wrap:anywhere}
#proof[data-equal=true]{color:var(--good)}
#proof[data-equal=false]{color:var(--bad)}
.problem{color:var(--bad);white-space:pre-wrap;overflow-wrap:anywhere}
.gantt{border:1px solid var(--line);border-radius:6px;overflow:hidden;touch-action:pan-y;cursor:grab}
.gantt svg{display:block}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(min(100%,22rem),1fr));gap:.2rem 2rem}
.tiles figure{display:grid;grid-row:span 2;grid-template-rows:subgrid;align-items:start;margin-bottom:1rem}
.tiles figcaption{align-self:end}
.tiles .hint{grid-row:span 2;align-self:center}
figure{margin:0;min-width:0}
figcaption{font-weight:600;font-size:.9375rem}
.chart{display:block;width:100%;max-width:480px}
.chart .rule{stroke:var(--line);fill:none}
.chart .dim{fill:var(--dim)}
.chart .line{fill:none}
.chart .line.dashed{stroke-dasharray:6 4}
.chart .band{stroke:none;opacity:.18}
.chart .dot{stroke-linecap:round}
.rows{max-height:32rem;border:1px solid var(--line);border-radius:6px}
.rows th{position:sticky;top:0;background:var(--panel);white-space:nowrap;padding:.2em .5em}
.rows td{white-space:nowrap;padding:.2em .5em}
.rows th button{border:0;background:none;padding:0;font-weight:600;min-height:1.75rem}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.8125rem}
pre{background:var(--panel);border:1px solid var(--line);border-radius:6px;padding:.7em;overflow:auto;max-height:28rem;white-space:pre-wrap;overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:auto minmax(0,1fr);gap:.2em 1em}
dt{color:var(--dim)}
dd{margin:0;overflow-wrap:anywhere}
details{margin:.5em 0}
summary{cursor:pointer}
#counters{border-collapse:separate;border-spacing:0}
#counters th,#counters td{padding:3px 11px 3px 0;line-height:20px}
#counters td{min-width:4rem}
#counters th{white-space:nowrap}
#counters th:first-child{position:sticky;left:0;background:var(--paper)}
#counters td.text{min-width:8rem}
.visually-hidden{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
@media print{
html{font-size:11px}body{padding:0}main{display:block}#map>div{position:static!important}
.controls,.sliders,.buttons,.hint:not(.kept),#table,.readout{display:none!important}
section{break-inside:avoid;margin-top:1.2rem;contain:none!important}#provenance,#run{break-inside:auto}.gantt,figure{break-inside:avoid}.gantt svg{max-width:100%;height:auto}.heat{max-width:70%}.chart{max-width:320px}@page{margin:12mm}
.heat svg,.legend svg,.gantt{print-color-adjust:exact;-webkit-print-color-adjust:exact}
.scroll,.rows,pre{max-height:none;overflow:visible}
}
`;

/** Of lines that are told apart by their colour. */
const SERIES = [0, 1, 2, 3, 4, 5]
  .map((index) => `.chart .s${index}{stroke:var(--s${index})}.chart .band.s${index}{fill:var(--s${index})}`)
  .join("");

/** The rules, on one line where that is possible. */
export const STYLE = `${RULES.trim()}\n${SERIES}\n.gantt{${styleRules(true)}}\n`;

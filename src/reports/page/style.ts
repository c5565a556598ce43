/** How the page looks. Colours meet 4.5:1 against their ground in both schemes, and none of them carries a meaning alone: signs, dashes and hatching repeat it. */
import { type Markup, trusted } from './markup.js';

export const style: Markup = trusted(`
:root{color-scheme:light dark;--ground:#fff;--raised:#f5f7fa;--ink:#18202b;--soft:#566172;--rule:#d5dbe4;--grid:#e7ebf0;
--pass:#146c2e;--fail:#b3211d;--inconclusive:#7c5200;--error:#74299a;--rate:#1d5fa8;--band:#f0a93b;--p50:#1d5fa8;--p99:#8a3ab0;
--m1:#c2410c;--m2:#0b7a75;--m3:#a3185f;--m4:#4d5b00;--other:#8b95a3}
@media (prefers-color-scheme:dark){:root{--ground:#11161d;--raised:#1a212b;--ink:#e6eaf0;--soft:#a3aebd;--rule:#36404d;--grid:#252e39;
--pass:#5fd07f;--fail:#ff8279;--inconclusive:#f0bd55;--error:#d79bf5;--rate:#6cb2f7;--band:#c98a2b;--p50:#6cb2f7;--p99:#d79bf5;
--m1:#ff9a5c;--m2:#4fd1c7;--m3:#ff8fc4;--m4:#c7d64f;--other:#7d8896}}
@media print{:root{--ground:#fff;--raised:#f5f7fa;--ink:#000;--soft:#444;--rule:#bbb;--grid:#e3e3e3;--pass:#146c2e;--fail:#b3211d;--inconclusive:#7c5200;
--error:#74299a;--rate:#1d5fa8;--band:#f0a93b;--p50:#1d5fa8;--p99:#8a3ab0;--m1:#c2410c;--m2:#0b7a75;--m3:#a3185f;--m4:#4d5b00;--other:#777}
body{font-size:10pt;print-color-adjust:exact;-webkit-print-color-adjust:exact}tr,.timeline,.facts div{break-inside:avoid}h2,h3,p.soft{break-after:avoid}.findings tr{break-inside:auto}th.promise{width:19%}th.figures{width:26%}}
*{box-sizing:border-box}
body{margin:0;background:var(--ground);color:var(--ink);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
main{max-width:1160px;margin:0 auto;padding:28px 28px 60px}
h1{font-size:27px;line-height:1.2;margin:0}h2{font-size:18px;margin:38px 0 10px;padding-top:14px;border-top:1px solid var(--rule)}
p{margin:6px 0;max-width:76ch}.soft,.remark{color:var(--soft)}
code{font:13px/1.45 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace;overflow-wrap:anywhere}
pre{background:var(--raised);border:1px solid var(--rule);border-radius:6px;padding:10px 12px;margin:8px 0;white-space:pre-wrap}
.top{display:flex;flex-wrap:wrap;gap:10px 18px;align-items:center}
.badge{display:inline-block;font-weight:700;white-space:nowrap;border:2px solid currentColor;border-radius:6px;padding:0 8px;font-size:13px;line-height:22px}
.top .badge{font-size:20px;line-height:34px;padding:0 14px}
.pass{color:var(--pass)}.fail{color:var(--fail)}.inconclusive{color:var(--inconclusive);border-style:dashed}.error{color:var(--error);border-style:double;border-width:4px}
.outcome{font-size:17px;margin:10px 0 4px}
.facts .long{grid-column:span 2}.facts{display:grid;grid-template-columns:repeat(auto-fill,minmax(215px,1fr));gap:10px 22px;margin:18px 0 0}
.facts div{border-left:3px solid var(--rule);padding-left:10px}.facts dt{color:var(--soft);font-size:12.5px}.facts dd{margin:0;overflow-wrap:anywhere}
.notice{border:2px dashed var(--inconclusive);border-radius:6px;padding:8px 14px;margin:16px 0}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:14px}
th{text-align:left;font-weight:600;color:var(--soft);font-size:12.5px;vertical-align:bottom}th,td{padding:7px 12px 7px 0;border-bottom:1px solid var(--rule)}
td{vertical-align:top}td.n,th.n{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}td small,li small{color:var(--soft);font-size:12.5px}
@media screen and (min-width:701px){th.figures{min-width:240px}th.promise{min-width:190px}}.event{white-space:nowrap}
.measures{list-style:none;margin:0;padding:0;font-size:13px}.measures li{margin:0 0 2px}.bad{color:var(--fail);font-weight:600}
h3{font-size:15px;margin:22px 0 4px}blockquote{margin:6px 0;padding:2px 14px;border-left:3px solid var(--rule)}.promised{margin:0 0 4px}.answers dt{font-weight:600;margin-top:8px}.answers dd{margin:2px 0 0}
.name{font-weight:600;overflow-wrap:anywhere}details{margin-top:4px;font-size:13px}summary{cursor:pointer;color:var(--soft)}details ol,details ul{margin:4px 0;padding-left:20px}
.letter{display:inline-block;min-width:22px;text-align:center;font-weight:700;border:1px solid var(--ink);border-radius:4px;background:color-mix(in srgb,var(--band) 35%,var(--ground))}
svg.timeline{width:100%;height:auto;display:block;font:11px system-ui,-apple-system,"Segoe UI",Roboto,"DejaVu Sans",sans-serif}
.timeline text{fill:var(--ink)}.timeline .tick,.timeline .label,.timeline .legend,.timeline .remark{fill:var(--soft)}.timeline .heading{font-size:14px;font-weight:700}
.timeline .remark{font-size:12px;font-weight:400}.timeline .chip{font-size:12px;font-weight:700;white-space:pre}
.level{fill:var(--band);fill-opacity:.5;stroke:var(--band)}.plot{fill:none;stroke:var(--rule)}.grid{stroke:var(--grid)}.band{fill:var(--band);fill-opacity:.13}.edge{stroke:var(--band);stroke-dasharray:2 3}
.struck{fill:url(#hatch)}.hatch{stroke:var(--band);stroke-width:2;stroke-opacity:.55}.dots{fill:var(--ink)}
.curve{fill:none;stroke-width:1.5;stroke-linejoin:round}.fill{stroke:none;fill-opacity:.18}
.rate{stroke:var(--rate)}.fill.rate{fill:var(--rate)}.errors{stroke:var(--fail)}.fill.errors{fill:var(--fail);fill-opacity:.45}
.p50{stroke:var(--p50)}.p99{stroke:var(--p99);stroke-dasharray:5 3}.other{stroke:var(--other);stroke-width:1}
.marked1{stroke:var(--m1);stroke-width:2.4}.marked2{stroke:var(--m2);stroke-width:2.4;stroke-dasharray:7 3}.marked3{stroke:var(--m3);stroke-width:2.4;stroke-dasharray:2 3}.marked4{stroke:var(--m4);stroke-width:2.4;stroke-dasharray:9 3 2 3}.marked5{stroke:var(--ink);stroke-width:2.4;stroke-dasharray:14 3}
.state{stroke:var(--ink);stroke-width:.6}.calm{fill:color-mix(in srgb,var(--pass) 16%,var(--ground))}.alarm{fill:color-mix(in srgb,var(--fail) 38%,var(--ground));stroke-width:1.6}
.trial{fill:url(#dots);stroke-width:1.2}.unsure{fill:var(--raised);stroke-dasharray:3 2}.phase{fill:var(--raised);stroke:var(--rule)}.timeline .inside{font-size:10.5px}
.note{fill:var(--soft)}.decision{fill:var(--rate)}.met{fill:var(--pass)}.unmet{stroke:var(--fail);stroke-width:2.4;fill:none}.unjudged{fill:none;stroke:var(--soft);stroke-width:1.4}
@media screen and (max-width:700px){main{padding:18px 16px 40px}.facts{grid-template-columns:1fr 1fr}.scroll table{min-width:620px}svg.timeline{min-width:860px}
.stack thead{display:none}.stack table,.stack tbody,.stack tr,.stack td{display:block}.stack tr{padding:10px 0;border-bottom:1px solid var(--rule)}.stack td,.stack td.n{padding:2px 0;border:0;text-align:left}.stack td.n{display:inline-block;margin-right:14px}}
`);

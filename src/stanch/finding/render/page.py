"""The page's style and script, as text; both are named by hash in the page's content security policy."""

STYLE = """
:root{--bg:#f7f7f5;--fg:#1c1d20;--muted:#5d6068;--card:#fff;--line:#dedfe2;--accent:#0b5fae;--critical:#a3122a;--high:#b3400d;--medium:#7a5a00;--low:#2b6070}
@media(prefers-color-scheme:dark){:root{--bg:#15171b;--fg:#e9eaec;--muted:#a3a7b0;--card:#1e2127;--line:#343943;--accent:#7cb8f5;--critical:#ff8093;--high:#ff9d6b;--medium:#e8c25a;--low:#86c5d6}}
*{box-sizing:border-box}body{margin:0 auto;max-width:1040px;padding:0 20px 60px;background:var(--bg);color:var(--fg);font:16px/1.5 system-ui,sans-serif}
header{padding:36px 0 12px}.brand{margin:0;color:var(--accent);font-weight:700;letter-spacing:.04em}h1{margin:.2em 0;font-size:clamp(1.4rem,4vw,2.1rem);line-height:1.2}
h1 em{font-style:normal;color:var(--critical)}h2{margin:2.2em 0 .6em;font-size:1.2rem}h3{margin:0 0 .6em;font-size:1rem;overflow-wrap:anywhere}
code{font:.88em ui-monospace,monospace;overflow-wrap:anywhere}.muted,small,footer{color:var(--muted)}small{font-size:.85em}
.tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(190px,1fr));gap:12px}.tile{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:14px 16px}
.tile b{display:block;font-size:1.9rem;line-height:1.1}.tile span{display:block}.tile small{display:block}
.card{background:var(--card);border:1px solid var(--line);border-left:5px solid var(--muted);border-radius:12px;padding:16px;margin:12px 0}
.card.critical{border-left-color:var(--critical)}.card.high{border-left-color:var(--high)}.card.medium{border-left-color:var(--medium)}.card.low{border-left-color:var(--low)}
.pill{border:1px solid currentColor;border-radius:99px;padding:1px 9px;font-size:.78rem;font-weight:600}.pill.critical{color:var(--critical)}.pill.high{color:var(--high)}.pill.medium{color:var(--medium)}.pill.low{color:var(--low)}
.why{margin:0 0 .8em;padding-left:1.2em;color:var(--muted)}.next{padding-left:1.3em}.next li{margin:.35em 0}.next b{display:inline-block;min-width:11.5em}
.dot{width:.7em;height:.7em;border-radius:50%;align-self:center;flex:none}.dot.critical{background:var(--critical)}.dot.high{background:var(--high)}.dot.medium{background:var(--medium)}.dot.low{background:var(--low)}
button#unfold{font:inherit;color:var(--accent);background:none;border:1px solid var(--line);border-radius:8px;padding:4px 12px;cursor:pointer}
details{border-top:1px solid var(--line);padding:6px 0}summary{cursor:pointer;display:flex;flex-wrap:wrap;gap:4px 14px;align-items:baseline;padding:4px 0}summary small{margin-left:auto}
summary::before{content:"▸";color:var(--muted)}details[open]>summary::before{content:"▾"}summary::-webkit-details-marker{display:none}
.bars{list-style:none;padding:0;margin:.4em 0}.bars li{margin:.25em 0}.bars meter{width:110px;vertical-align:middle}.bars b{display:inline-block;width:3.2em;text-align:right;margin-right:.4em}
.for b{color:var(--critical)}.against b{color:var(--low)}
.scroll{overflow-x:auto}table{border-collapse:collapse;width:100%;font-size:.9rem}th,td{text-align:left;padding:6px 8px;border-bottom:1px solid var(--line);vertical-align:top}td.n{text-align:right;font-variant-numeric:tabular-nums}
th button{font:inherit;font-weight:600;color:inherit;background:none;border:0;padding:4px 0;cursor:pointer;white-space:nowrap}th[aria-sort=ascending] button::after{content:" ↑"}th[aria-sort=descending] button::after{content:" ↓"}
.filter input{font:inherit;padding:6px 10px;border:1px solid var(--line);border-radius:8px;background:var(--card);color:inherit;min-width:min(280px,60vw)}
svg{display:block;max-width:none}svg rect{fill:var(--card);stroke:var(--line)}svg text{fill:var(--fg);font:13px ui-monospace,monospace}.links path{fill:none;stroke:var(--critical);stroke-opacity:.45;stroke-width:2}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}footer{margin-top:48px;font-size:.9rem}
@media print{details>*{display:block}.filter,output{display:none}body{max-width:none}}
"""

SCRIPT = """
(function(){
var unfold=document.getElementById('unfold'),all=document.querySelectorAll('.card details');
if(unfold){unfold.hidden=false;unfold.addEventListener('click',function(){var open=!all[0].open;Array.prototype.forEach.call(all,function(d){d.open=open});
unfold.textContent=open?'Hide all reasons':'Show all reasons'})}
var here=location.hash.length>1&&document.getElementById(location.hash.slice(1));if(here&&here.tagName==='DETAILS')here.open=true;
var table=document.getElementById('fields');if(!table)return;
var body=table.tBodies[0],rows=Array.prototype.slice.call(body.rows),input=document.getElementById('filter'),shown=document.getElementById('shown');
function filter(){var words=input.value.toLowerCase().split(/\\s+/),n=0;rows.forEach(function(row){var text=row.textContent.toLowerCase();
var hit=words.every(function(w){return text.indexOf(w)>=0});row.hidden=!hit;if(hit)n++});shown.textContent=n+' of '+rows.length}
input.addEventListener('input',filter);filter();
Array.prototype.forEach.call(table.tHead.rows[0].cells,function(cell,i){cell.firstChild.addEventListener('click',function(){
var up=cell.getAttribute('aria-sort')!=='ascending';Array.prototype.forEach.call(cell.parentNode.cells,function(c){c.removeAttribute('aria-sort')});
cell.setAttribute('aria-sort',up?'ascending':'descending');rows.sort(function(a,b){var x=a.cells[i].textContent,y=b.cells[i].textContent,
d=(x!==''&&y!==''&&!isNaN(x)&&!isNaN(y))?x-y:x.localeCompare(y);return up?d:-d});rows.forEach(function(r){body.appendChild(r)})})})
})();
"""

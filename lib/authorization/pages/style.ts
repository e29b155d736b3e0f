import { createHash } from 'node:crypto';

/** The one stylesheet of our pages. No external asset: nothing to load, nothing to leak. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#f4f5f9;--card:#fff;--ink:#171a26;--soft:#565d73;--line:#e0e3ec;--tint:#f7f8fc;
--accent:#3d4ee0;--accent-ink:#fff;--accent-soft:#e9ebfd;--warn-bg:#fff6e3;--warn-ink:#6d4600;--warn-line:#f0d9a5;--shadow:0 1px 2px #171a2614,0 12px 40px #171a261a}
@media (prefers-color-scheme:dark){:root{--bg:#0e1018;--card:#181b27;--ink:#eef0f8;--soft:#a6adc4;--line:#2c3144;--tint:#1f2332;
--accent:#8d9aff;--accent-ink:#0e1018;--accent-soft:#272d4f;--warn-bg:#2e2614;--warn-ink:#f4d28c;--warn-line:#55461f;--shadow:0 12px 40px #0008}}
*{box-sizing:border-box}
body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--bg);color:var(--ink);
font:16px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Helvetica Neue",Arial,sans-serif;-webkit-font-smoothing:antialiased}
main{width:100%;max-width:460px;background:var(--card);border:1px solid var(--line);border-radius:20px;box-shadow:var(--shadow);overflow:hidden}
header,section,form>fieldset,.actions,footer{padding:0 28px}
header{padding-top:32px;text-align:center}
.pair{display:flex;justify-content:center;align-items:center;gap:14px;margin-bottom:18px}
.mark{width:56px;height:56px;border-radius:16px;display:grid;place-items:center;font-size:24px;font-weight:650;background:var(--accent);color:var(--accent-ink)}
.mark.server{background:var(--accent-soft);color:var(--accent)}
.mark svg{width:28px;height:28px}
.dots{display:flex;gap:5px}.dots i{width:5px;height:5px;border-radius:50%;background:var(--soft);opacity:.55}
h1{margin:0;font-size:22px;line-height:1.3;font-weight:650;letter-spacing:-.01em;overflow-wrap:anywhere}
header p{margin:8px 0 0;color:var(--soft);overflow-wrap:anywhere}
header strong{color:var(--ink);font-weight:600}
.notice{margin:20px 0 0;padding:12px 14px;border:1px solid var(--warn-line);border-radius:12px;background:var(--warn-bg);color:var(--warn-ink);font-size:14px}
.notice strong{display:block}
fieldset{border:0;margin:24px 0 0;min-width:0}
legend{padding:0;margin-bottom:10px;font-size:14px;font-weight:600;color:var(--soft)}
.scopes{list-style:none;margin:0;padding:0;border:1px solid var(--line);border-radius:14px;overflow:hidden}
.scopes li+li{border-top:1px solid var(--line)}
.scopes label{display:grid;grid-template-columns:22px 1fr auto;gap:2px 12px;padding:14px 16px;cursor:pointer}
.scopes label:hover{background:var(--tint)}
.scopes .fixed label{cursor:default;background:var(--tint)}
.scopes input{width:20px;height:20px;margin:2px 0 0;accent-color:var(--accent)}
.scopes .name{font-weight:600;overflow-wrap:anywhere}
.scopes .about{grid-column:2/-1;color:var(--soft);font-size:14px;overflow-wrap:anywhere}
.badge{align-self:start;margin-top:2px;padding:1px 9px;border-radius:99px;background:var(--accent-soft);color:var(--ink);font-size:12px;font-weight:600}
dl{margin:22px 0 0;font-size:14px;display:grid;grid-template-columns:auto 1fr;gap:6px 16px}
dt{color:var(--soft)}dd{margin:0;text-align:right;overflow-wrap:anywhere;font-weight:500}
.actions{display:flex;gap:12px;margin-top:26px}
button{flex:1;min-height:48px;padding:10px 18px;border-radius:12px;border:1px solid var(--line);background:transparent;color:var(--ink);font:inherit;font-weight:600;cursor:pointer}
button:hover{background:var(--tint)}
button.primary{border-color:var(--accent);background:var(--accent);color:var(--accent-ink)}
button.primary:hover{filter:brightness(1.08)}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}
.scopes label:focus-within{background:var(--tint)}
footer{padding-top:18px;padding-bottom:28px;color:var(--soft);font-size:13px;text-align:center;overflow-wrap:anywhere}
code{font:13px/1.4 ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;overflow-wrap:anywhere}
@media (max-width:420px){body{padding:0;place-items:stretch}main{border:0;border-radius:0;box-shadow:none;min-height:100vh}header,section,form>fieldset,.actions,footer{padding-left:20px;padding-right:20px}}
@media (forced-colors:active){.mark,.badge,.notice{border:1px solid}}
`.trim();

/** The only style that CSP lets our own pages use. */
export const STYLE_SOURCE = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

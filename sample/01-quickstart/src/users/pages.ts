const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

const STYLE = `:root{color-scheme:light dark;--bg:#f4f5f9;--card:#fff;--ink:#171a26;--soft:#565d73;--line:#c9cede;--accent:#3d4ee0;--on:#fff}
@media(prefers-color-scheme:dark){:root{--bg:#0e1018;--card:#181b27;--ink:#eef0f8;--soft:#a6adc4;--line:#3a4058;--accent:#8d9aff;--on:#0e1018}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--bg);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{width:100%;max-width:400px;background:var(--card);border:1px solid var(--line);border-radius:20px;padding:32px 28px}h1{font-size:22px;margin:0 0 8px}p{color:var(--soft)}
label{display:block;font-weight:600;margin:16px 0 6px}input{width:100%;font:inherit;padding:12px 14px;border-radius:12px;border:1px solid var(--line);background:transparent;color:inherit}
button{width:100%;margin-top:24px;padding:13px;border:0;border-radius:12px;background:var(--accent);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}a{color:var(--accent)}code{overflow-wrap:anywhere}.problem{color:#b3261e;font-weight:600}
@media(prefers-color-scheme:dark){.problem{color:#ffb4ab}}`;

function page(title: string, body: string): string {
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><title>${escape(title)}</title><style>${STYLE}</style></head><body><main>${body}</main></body></html>`;
}

export function loginPage(returnTo: string, failed: boolean): string {
  return page(
    'Sign in',
    `<h1>Sign in</h1><p>Try <code>alice</code> with <code>wonderland</code>, or <code>bob</code> with <code>builder</code>.</p>
${failed ? '<p class="problem" role="alert">User name or password is wrong.</p>' : ''}
<form method="post" action="/login"><input type="hidden" name="returnTo" value="${escape(returnTo)}">
<label for="username">User name</label><input id="username" name="username" autocomplete="username" required autofocus>
<label for="password">Password</label><input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button></form>`,
  );
}

export function homePage(userName: string | undefined, mcpUrl: string): string {
  return page(
    'Quickstart',
    `<h1>Notes, with MCP authorization</h1>
<p>${userName === undefined ? 'Nobody is signed in. <a href="/login">Sign in</a>' : `Signed in as <strong>${escape(userName)}</strong>. <a href="/logout">Sign out</a>`}</p>
<p>Point an MCP client at <code>${escape(mcpUrl)}</code>, or run <code>npm run client</code>.</p>`,
  );
}

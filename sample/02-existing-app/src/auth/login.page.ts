const STYLE = `:root{color-scheme:light dark;--back:#f2f5f3;--card:#fff;--ink:#14211b;--line:#8a998f;--accent:#12643f;--on:#fff;--bad:#a1260d}
@media(prefers-color-scheme:dark){:root{--back:#0f1512;--card:#18211c;--ink:#e9f1ec;--line:#5d6d63;--accent:#7fd6a8;--on:#06200f;--bad:#ffb4a6}}
*{box-sizing:border-box}body{margin:0;min-height:100vh;display:grid;place-items:center;padding:24px 16px;background:var(--back);color:var(--ink);font:16px/1.5 system-ui,sans-serif}
main{width:100%;max-width:380px;background:var(--card);border-radius:12px;padding:32px 28px}h1{font-size:22px;margin:0 0 16px}
label{display:block;font-weight:600;margin:16px 0 6px}input{width:100%;font:inherit;padding:11px 13px;border-radius:8px;border:1px solid var(--line);background:transparent;color:inherit}
button{width:100%;margin-top:24px;padding:12px;border:0;border-radius:8px;background:var(--accent);color:var(--on);font:inherit;font-weight:600;cursor:pointer}
:focus-visible{outline:3px solid var(--accent);outline-offset:2px}.problem{margin:0;color:var(--bad);font-weight:600}`;

const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/** @param returnTo where the browser goes afterwards: a path of this application */
export function loginPage(returnTo: string, { failed = false } = {}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Sign in – Tasks</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1>Sign in to Tasks</h1>
${failed ? '<p class="problem" role="alert">The email address or the password is wrong.</p>' : ''}
<form method="post" action="/api/auth/login">
<input type="hidden" name="returnTo" value="${escape(returnTo)}">
<label for="email">Email address</label>
<input id="email" name="email" type="email" autocomplete="username" required autofocus>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>
</main>
</body>
</html>
`;
}

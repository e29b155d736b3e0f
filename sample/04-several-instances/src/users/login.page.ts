const escape = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

export function loginPage(returnTo: string, { failed = false } = {}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<title>Sign in</title>
<style>:root{color-scheme:light dark}body{max-width:22em;margin:15vh auto;padding:0 1em;font:1em/1.5 system-ui,sans-serif}
label,input,button{display:block;width:100%;font:inherit;box-sizing:border-box}input,button{padding:.6em;margin-bottom:1em}</style>
</head>
<body>
<main>
<h1>Sign in</h1>
<p>Try <code>alice</code> with <code>wonderland</code>, or <code>bob</code> with <code>builder</code>.</p>
${failed ? '<p role="alert">The user name or the password is wrong.</p>' : ''}
<form method="post" action="/login">
<input type="hidden" name="returnTo" value="${escape(returnTo)}">
<label for="username">User name</label>
<input id="username" name="username" autocomplete="username" required>
<label for="password">Password</label>
<input id="password" name="password" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>
</main>
</body>
</html>
`;
}

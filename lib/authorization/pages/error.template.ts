/** The page for a request that may not be answered by a redirect. */
export const ERROR_TEMPLATE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="robots" content="noindex">
<title>{{title}}</title>
<style>{{{style}}}</style>
</head>
<body>
<main>
<header>
<div class="pair" aria-hidden="true"><span class="mark server"><svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.8" stroke-linecap="round" stroke-linejoin="round"><path d="M12 8v5M12 16.5h.01"/><circle cx="12" cy="12" r="9"/></svg></span></div>
<h1>{{title}}</h1>
<p>{{message}}</p>
</header>
<section>
<p class="notice">{{hint}}</p>
</section>
<footer>Error code <code>{{code}}</code></footer>
</main>
</body>
</html>
`;
